import { afterEach, describe, expect, it } from "vitest";
import { createLibraryService, sampleLibraryKey } from "./library-service";
import { serveSample } from "./serve";
import { createWeatherService } from "./weather-service";

const noon = () => new Date("2026-11-24T12:00:00Z");
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(service: Parameters<typeof serveSample>[0]): Promise<string> {
  const server = await serveSample(service, 0);
  running.push(server);
  return server.origin;
}

describe("the sample library", () => {
  const withKey = { headers: { "x-library-key": sampleLibraryKey } };

  it("answers nothing without the key, but shows its document", async () => {
    const origin = await start(createLibraryService(noon));
    expect((await fetch(`${origin}/v1/loans`)).status).toBe(401);
    const document = await (await fetch(`${origin}/openapi.json`)).json();
    expect(document.servers[0].url).toBe(origin);
  });

  it("pages through every loan exactly once", async () => {
    const origin = await start(createLibraryService(noon));
    const seen: string[] = [];
    let cursor: string | null = "0";
    for (let page = 0; cursor !== null && page < 10; page++) {
      const reply: { loans: { id: string }[]; next_cursor: string | null } = await (
        await fetch(`${origin}/v1/loans?cursor=${cursor}`, withKey)
      ).json();
      seen.push(...reply.loans.map((loan) => loan.id));
      cursor = reply.next_cursor;
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  it("keeps a hold that was placed", async () => {
    const origin = await start(createLibraryService(noon));
    const placed = await fetch(`${origin}/v1/holds`, {
      method: "POST",
      headers: { ...withKey.headers, "content-type": "application/json" },
      body: JSON.stringify({ book_id: "b-104" }),
    });
    expect(placed.status).toBe(201);
    const { holds } = await (await fetch(`${origin}/v1/holds`, withKey)).json();
    expect(holds).toEqual([{ id: "hold-1", book_id: "b-104", placed_at: "2026-11-24T12:00:00.000Z" }]);
  });
});

describe("the sample weather", () => {
  it("says the same for the same place and day, and refuses an unknown place", async () => {
    const origin = await start(createWeatherService(noon));
    const read = async () => (await fetch(`${origin}/v1/current?place=berlin`)).json();
    expect(await read()).toEqual(await read());
    expect((await fetch(`${origin}/v1/current?place=atlantis`)).status).toBe(404);
  });

  it("forecasts as many days as asked, in order", async () => {
    const origin = await start(createWeatherService(noon));
    const { days } = await (await fetch(`${origin}/v1/forecast?place=tokyo&days=3`)).json();
    expect(days.map((day: { time: string }) => day.time.slice(0, 10))).toEqual([
      "2026-11-24",
      "2026-11-25",
      "2026-11-26",
    ]);
  });
});
