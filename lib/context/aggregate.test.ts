import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextSchema, type Section } from "@/lib/contracts/context";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { testDatabase, testUser } from "@/lib/db/testing";
import { putProfile } from "@/lib/db/profile";
import { account, sync, testConnection, transaction } from "@/lib/db/finance/testing-money";
import { getContext, type Sources, startContext } from "./aggregate";
import { context, event, finance, plantCalendar, report, section, sourceEvent, total, zone } from "./testing-context";
import { describeWeather } from "./weather-line";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
  await putProfile(viewer, { timeZone: zone, currency: "CAD", transport: "driving" });
});
afterAll(() => database.close());

const now = new Date("2026-11-27T14:00:00Z");
const signal = new AbortController().signal;
const forever = <Value>() => new Promise<Value>(() => undefined);

const good: Sources = {
  calendar: async () => section({ events: [event()], isCut: false }),
  finance: async () => section(finance({ totals: [total("CAD", 100, 50)] })),
  weather: async () =>
    section({
      placeName: "home",
      report: report(),
      line: describeWeather(report(), "at home", { now, timeZone: zone }),
    }),
  navigation: async () => ({ ...section(null), state: "none" as const, data: null }),
  modules: async () => [],
};

describe("one bad source", () => {
  const names = ["calendar", "finance", "weather", "navigation"] as const;

  it.each(names)("%s that fails is told in its own place; the rest is whole", async (name) => {
    const bad = { ...good, [name]: () => Promise.reject(new AppError("unavailable", "It broke.", { hint: "Wait." })) };
    const read = await getContext(viewer, { signal, now }, bad);
    expect(read[name]).toMatchObject({ state: "failed", problem: "It broke.", hint: "Wait.", data: null });
    for (const other of names.filter((one) => one !== name)) expect(read[other]?.state).not.toBe("failed");
    expect(contextSchema.parse(read)).toEqual(read);
  });

  it("that throws at once, or with what is no error, is told without its words", async () => {
    const bad: Sources = {
      ...good,
      weather: () => {
        throw new TypeError("secret detail");
      },
      modules: () => Promise.reject(undefined),
    };
    const read = await getContext(viewer, { signal, now }, bad);
    expect(read.weather).toMatchObject({ state: "failed" });
    expect(JSON.stringify(read)).not.toContain("secret detail");
    expect(read.modules).toEqual([expect.objectContaining({ state: "failed" })]);
    expect(read.calendar?.state).toBe("fresh");
  });

  it("that never answers holds up no other part", async () => {
    const gone = new AbortController();
    const started = await startContext(
      viewer,
      { signal: gone.signal, now },
      { ...good, weather: () => forever<Section<never>>() },
    );
    expect((await started.calendar)?.state).toBe("fresh");
    expect((await started.finance)?.data?.totals).toHaveLength(1);
    gone.abort(new Error("the page was left"));
    await expect(started.weather).rejects.toThrow("the page was left");
  });

  it("of a caller who left ends the whole with their reason", async () => {
    const gone = new AbortController();
    const whole = getContext(viewer, { signal: gone.signal, now }, { ...good, modules: () => forever() });
    gone.abort(new Error("gone"));
    await expect(whole).rejects.toThrow("gone");
  });
});

describe("categories", () => {
  it("reads only what was asked for, and knows nothing of one that nobody brings", async () => {
    const asked: (readonly string[] | null)[] = [];
    const sources: Sources = {
      ...good,
      finance: () => Promise.reject(new Error("not asked")),
      modules: async (_, wanted) => {
        asked.push(wanted);
        return [];
      },
    };
    const read = await getContext(viewer, { categories: ["calendar", "beekeeping"], signal, now }, sources);
    expect(Object.keys(read).sort()).toEqual(["alerts", "at", "calendar", "items", "modules", "timeZone", "today"]);
    expect(asked).toEqual([["calendar", "beekeeping"]]);
  });
});

describe("over the real database", () => {
  it("says of everything that is not set up what to do, and fails nowhere", async () => {
    const read = await getContext(await testUser(), { signal, now });
    for (const part of [read.calendar, read.finance, read.weather, read.navigation])
      expect(part).toMatchObject({ state: "none", hint: expect.stringMatching(/Connections|Settings/) });
    expect(read.items).toEqual([]);
  });

  it("gives a person their own events and money, and nothing of another's", async () => {
    const [ann, bob] = [await testUser(), await testUser()];
    await plantCalendar(ann, [sourceEvent("Dentist", "2026-11-27T15:00:00Z")]);
    const bank = await testConnection(ann);
    await sync(ann, bank, {
      accounts: [account()],
      transactions: [transaction({ id: "t1" }), transaction({ id: "t2", pending: true })],
    });
    const read = await getContext(ann, { signal, now });
    expect(read.calendar?.data?.events.map(({ title }) => title)).toEqual(["Dentist"]);
    expect(read.finance?.data).toMatchObject({ totals: [{ currency: "CAD", outMinor: 900 }], pending: { count: 1 } });
    expect(read.finance?.data?.basis).toContain("2 transactions from 1 account");
    expect(read.items[0]).toMatchObject({ priority: "high", category: "finance" });
    expect(contextSchema.parse(read)).toEqual(read);
    const others = await getContext(bob, { signal, now });
    expect(JSON.stringify(others)).not.toMatch(/Dentist|STARBUCKS|CAD/);
  });

  it("begins the day where the person is", async () => {
    const ann = await testUser();
    await putProfile(ann, { timeZone: "Pacific/Auckland", currency: "NZD", transport: "driving" });
    expect((await getContext(ann, { signal, now, categories: [] })).today).toBe("2026-11-28");
    expect(context().today).toBe("2026-11-27");
  });
});
