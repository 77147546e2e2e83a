import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createOpenMeteoFake } from "@/lib/adapters/open-meteo/testing-fake";
import { createOsrmFake } from "@/lib/adapters/osrm/testing-fake";
import { startSample, stopSamples } from "@/lib/adapters/testing-io";
import { clearSources } from "@/lib/context/sources/source-cache";
import { plantCalendar, sourceEvent } from "@/lib/context/testing-context";
import type { Tool, ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { storeDocument } from "@/lib/db/knowledge";
import { listPlaces, putPlace } from "@/lib/db/places";
import { testDatabase, testUser } from "@/lib/db/testing";
import { getCommuteTime } from "./get-commute-time";
import { getDailyBriefing } from "./get-daily-briefing";
import { getUserContext } from "./get-user-context";
import { getWeather } from "./get-weather";
import { planDayTool } from "./plan-day";
import { prepareMeetingTool } from "./prepare-meeting";
import { savePlace } from "./save-place";
import { webSearchTool } from "./web-search";

const noon = new Date("2026-11-27T15:00:00Z");
const weather = createOpenMeteoFake();
const ways = createOsrmFake();
let database: Awaited<ReturnType<typeof testDatabase>>;
let ann: Viewer;
beforeAll(async () => {
  const [weatherUrl, waysUrl] = [await startSample(weather.serve), await startSample(ways.serve)];
  // Read when the environment is parsed, once per database: before there is one.
  process.env.OPEN_METEO_BASE_URL = weatherUrl;
  process.env.OPEN_METEO_GEOCODING_URL = weatherUrl;
  process.env.OSRM_BASE_URL = `${waysUrl}/routed-{profile}`;
  process.env.BURGEON_EGRESS_ALLOW = [weatherUrl, waysUrl].map((url) => new URL(url).host).join(",");
  database = await testDatabase();
});
beforeEach(async () => {
  clearSources();
  // In the afternoon, so that what comes soon is on the same day.
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
  ann = await testUser();
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  for (const name of ["OPEN_METEO_BASE_URL", "OPEN_METEO_GEOCODING_URL", "OSRM_BASE_URL", "BURGEON_EGRESS_ALLOW"])
    delete process.env[name];
  await stopSamples();
  await database.close();
});

async function call(tool: Tool, input: unknown, viewer: Viewer = ann) {
  const context: ToolContext = {
    ...{
      viewer,
      timeZone: "UTC",
      runId: "run_1",
      conversationId: "conv_1",
      callId: "call_1",
      idempotencyKey: "0123456789abcdef",
    },
    ...{ signal: new AbortController().signal, taintedBy: null, target: null, progress: () => undefined },
  };
  const parsed = tool.input.parse(input);
  const target = (await tool.inspect?.(parsed, context))?.target ?? null;
  const outcome = await tool.execute(parsed, { ...context, target });
  if (outcome.kind !== "done") throw new Error("it waits");
  return { ...outcome, output: tool.output.parse(outcome.output) as Record<string, unknown> };
}

const spot = (name: string, latitude: number, longitude: number) => ({
  name,
  aliases: [],
  label: name,
  latitude,
  longitude,
  timeZone: null,
});
async function settle(viewer: Viewer = ann): Promise<void> {
  await putPlace(viewer, spot("home", 45.41117, -75.69812));
  await putPlace(viewer, spot("work", 45.4215, -75.6972));
}
const soon = (minutes: number) => new Date(noon.getTime() + minutes * 60_000).toISOString();

describe("get_weather", () => {
  it("is that of home, of a place of one's own by any of its words, or of any town", async () => {
    await expect(call(getWeather, {})).rejects.toMatchObject({
      code: "invalid",
      hint: expect.stringContaining("home"),
    });
    await settle();
    expect((await call(getWeather, {})).output).toMatchObject({ place: "home", time_zone: "America/Toronto" });
    expect((await call(getWeather, { place: "the office" })).output.place).toBe("work");
    const { output, tainted } = await call(getWeather, { place: "Berlin" });
    expect(output).toMatchObject({ place: expect.stringContaining("Berlin"), time_zone: "Europe/Berlin" });
    expect((output.days as unknown[]).length).toBe(7);
    expect(tainted ?? false).toBe(false);
    await expect(call(getWeather, { place: "Xyzzyville" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("tells of the days that are asked for, and says how far a forecast reaches", async () => {
    await settle();
    const now = (await call(getWeather, {})).output;
    const [today, tomorrow, third] = (now.days as { date: string }[]).map(({ date }) => date);
    expect((await call(getWeather, { from: tomorrow })).output.summary).toMatch(
      /^\w+ \d+ \w+: -?\d+ to -?\d+ °C and .* at home/,
    );
    const span = String((await call(getWeather, { from: tomorrow, to: third })).output.summary).split("\n");
    expect(span.map((line) => line.slice(0, 2))).toEqual(["Th", "", "- ", "- "]);
    expect((await call(getWeather, { from: today })).output.summary).toBe(now.summary);
    const far = String((await call(getWeather, { from: third, to: "2031-01-01" })).output.summary);
    expect(far).toMatch(/The forecast reaches \w+ \d+ \w+\.$/);
    await expect(call(getWeather, { from: "2031-01-01" })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(/^The forecast reaches \w+ \d+ \w+, and Wednesday 1 January 2031 lies outside/),
    });
    await expect(call(getWeather, { from: third, to: tomorrow })).rejects.toMatchObject({ code: "invalid" });
  });

  it("takes today for today, also where it is another day there", async () => {
    vi.setSystemTime("2026-11-28T02:00:00Z");
    await settle();
    const now = (await call(getWeather, {})).output;
    expect((now.days as { date: string }[])[0]?.date).toBe("2026-11-27");
    expect(now.summary).toMatch(/ °C today/);
    expect((await call(getWeather, { from: "2026-11-28" })).output.summary).toBe(now.summary);
  });

  it("gives the last that was read when the service fails later, and says so", async () => {
    await settle();
    await call(getWeather, {});
    vi.setSystemTime(noon.getTime() + 11 * 60_000);
    weather.faults.plan("unavailable");
    expect((await call(getWeather, {})).output).toMatchObject({
      place: "home",
      problem: expect.stringContaining("Open-Meteo"),
    });
  });
});

describe("get_commute_time", () => {
  it("goes from home, by the person's usual way, to a place of theirs or a town", async () => {
    await expect(call(getCommuteTime, { destination: "work" })).rejects.toMatchObject({
      code: "invalid",
      hint: expect.stringContaining("home"),
    });
    await settle();
    const { output } = await call(getCommuteTime, { destination: "company", departure: "2026-12-01T08:30" });
    expect(output).toMatchObject({ from: "home", to: "work", transport: "driving", traffic: "unknown", leave: null });
    expect(output.depart).toContain("08:30");
    expect((await call(getCommuteTime, { destination: "Toronto" })).output.distance_km).toBeGreaterThan(300);
    await expect(call(getCommuteTime, {})).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("Where"),
    });
  });

  it("says when to leave for an event, and that its words are another's", async () => {
    await settle();
    await plantCalendar(ann, [
      sourceEvent("Review", soon(180), { location: "Office, room 3" }),
      sourceEvent("Call", soon(60), { location: "https://meet.example.com/x" }),
    ]);
    const { output, tainted, source } = await call(getCommuteTime, { event: "review" });
    expect(output).toMatchObject({ to: "work", event: "Review", leave: expect.stringMatching(/^Leave by \d\d:\d\d/) });
    expect([tainted, source]).toEqual([true, expect.stringContaining("Review")]);
    await expect(call(getCommuteTime, { event: "call" })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("what is known of a day", () => {
  it("is the viewer's own, and tainted with the source named as soon as others' words are in it", async () => {
    const bob = await testUser();
    await settle();
    await plantCalendar(ann, [sourceEvent("Budget review", soon(60), { location: "work" })]);
    for (const tool of [getUserContext, getDailyBriefing, planDayTool]) {
      const mine = await call(tool, {});
      expect(JSON.stringify(mine.output)).toContain("Budget review");
      expect([mine.tainted, mine.source]).toEqual([true, expect.stringContaining("calendars")]);
    }
    for (const tool of [getUserContext, getDailyBriefing]) {
      const theirs = await call(tool, {}, bob);
      expect(JSON.stringify(theirs.output)).not.toContain("Budget");
      expect(theirs.tainted).toBe(false);
    }
    await expect(call(planDayTool, {}, bob)).rejects.toMatchObject({
      code: "invalid",
      hint: expect.stringContaining("Connections"),
    });
  });

  it("stays whole when the weather fails", async () => {
    await settle();
    await plantCalendar(ann, [sourceEvent("Budget review", soon(60))]);
    weather.faults.plan("malformed");
    const { output } = await call(getUserContext, {});
    const states = Object.fromEntries(
      (output.sections as { category: string; state: string }[]).map(({ category, state }) => [category, state]),
    );
    expect(states).toMatchObject({ calendar: "fresh", weather: "failed", finance: "none" });
  });

  it("prepares the next meeting with what the person kept about it and its people", async () => {
    await plantCalendar(ann, [
      sourceEvent("Boiler inspection", soon(90), { attendees: [{ name: "Lena Fischer", email: "lena@example.test" }] }),
      sourceEvent("Lunch", soon(30)),
    ]);
    await storeDocument(ann, { title: "Boiler code", content: "The boiler code is in the blue folder.", source: null });
    await storeDocument(ann, { title: "People", content: "Lena Fischer prefers tea.", source: null });
    await storeDocument(await testUser(), {
      title: "Secret boiler",
      content: "Another person's boiler.",
      source: null,
    });
    const { output, tainted } = await call(prepareMeetingTool, {});
    expect(output).toMatchObject({ event: { title: "Boiler inspection" }, people: ["Lena Fischer"] });
    expect((output.knowledge as { title: string }[]).map(({ title }) => title).sort()).toEqual([
      "Boiler code",
      "People",
    ]);
    expect(tainted).toBe(true);
  });
});

describe("save_place", () => {
  const undo = (done: unknown, viewer = ann) =>
    savePlace.undo?.run({}, done, {
      viewer,
      runId: "r",
      callId: "c",
      idempotencyKey: "k",
      signal: new AbortController().signal,
    });

  it("keeps a town under the person's word, and undo makes it as it was before, once", async () => {
    const first = await call(savePlace, { name: "Home", address: "Paris, Texas" });
    expect(await listPlaces(ann)).toMatchObject([
      { name: "home", label: expect.stringContaining("Texas"), aliases: expect.arrayContaining(["flat"]) },
    ]);
    const second = await call(savePlace, { name: "home", latitude: 52.5, longitude: 13.4 });
    await undo(second.output);
    await undo(second.output);
    expect(await listPlaces(ann)).toMatchObject([{ label: expect.stringContaining("Texas") }]);
    await undo(first.output);
    await undo(first.output);
    expect(await listPlaces(ann)).toEqual([]);
  });

  it("does not undo over a later change, nor write for another", async () => {
    const { output } = await call(savePlace, { name: "gym", address: "Hamburg" });
    await putPlace(ann, spot("gym", 1, 2));
    await expect(undo(output)).rejects.toMatchObject({ code: "conflict" });
    expect(await listPlaces(await testUser())).toEqual([]);
  });

  it("wants to know where, and says when there is no such town", async () => {
    expect(savePlace.input.safeParse({ name: "gym" }).success).toBe(false);
    await expect(call(savePlace, { name: "gym", address: "Xyzzyville" })).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("web_search", () => {
  it("says what to set when no service is configured", async () => {
    await expect(call(webSearchTool, { query: "tides" })).rejects.toMatchObject({
      code: "refused",
      hint: expect.stringContaining("WEB_SEARCH_PROVIDER"),
    });
  });
});
