import { afterEach, describe, expect, it } from "vitest";
import { navigationRouteSchema } from "../../contracts/canonical";
import type { Transport } from "../../contracts/open-data";
import { startSample, stopSamples, stubEnvironment, testingIo } from "../testing-io";
import { osrm } from "./adapter";
import { createOsrmFake } from "./testing-fake";

const home = { latitude: 43.6532, longitude: -79.3832, name: "Toronto" };
const office = { latitude: 43.7001, longitude: -79.4163, name: "Office" };
const berlin = { latitude: 52.52, longitude: 13.405 };

afterEach(stopSamples);

async function start() {
  const { serve, faults } = createOsrmFake();
  const origin = await startSample(serve);
  stubEnvironment({ OSRM_BASE_URL: `${origin}/routed-{profile}` });
  const ask = (transport: Transport, to: { latitude: number; longitude: number } = office, signal?: AbortSignal) =>
    osrm.navigation?.route(testingIo([origin], { signal }), { from: home, to, transport });
  return { faults, ask };
}

describe("a way by OSRM", () => {
  it("has length and time of its own for each means of transport, and says nothing about traffic", async () => {
    const { ask, faults } = await start();
    const ways = [await ask("driving"), await ask("cycling"), await ask("walking")];
    expect(ways[0]).toMatchObject({ origin: home, destination: office, traffic: "unknown", transport: "driving" });
    for (const way of ways) navigationRouteSchema.parse(way);
    const times = ways.map((way) => way?.durationSeconds ?? 0);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(ways[0]?.distanceMeters).toBeGreaterThan(5_000);
    expect(ways[0]?.distanceMeters).toBeLessThan(10_000);
    // Longitude first.
    expect(faults.asked[1]).toContain("/routed-bike/route/v1/cycling/-79.38320,43.65320;-79.41630,43.70010?");
  });

  it("is not found where no road leads or there is none", async () => {
    const { ask } = await start();
    await expect(ask("driving", berlin)).rejects.toMatchObject({ code: "not-found" });
    await expect(ask("walking", { latitude: 40, longitude: -40 })).rejects.toMatchObject({ code: "not-found" });
  });

  it("is not made up of a road far from the place", async () => {
    const origin = await startSample(async () =>
      Response.json({
        code: "Ok",
        routes: [{ distance: 1, duration: 1 }],
        waypoints: [{ distance: 0 }, { distance: 90_000 }],
      }),
    );
    stubEnvironment({ OSRM_BASE_URL: origin });
    const request = { from: home, to: office, transport: "driving" as const };
    await expect(osrm.navigation?.route(testingIo([origin]), request)).rejects.toMatchObject({ code: "not-found" });
  });

  it("says what is wrong with the server, with a code and a sentence", async () => {
    const { ask, faults } = await start();
    faults.plan("rate-limited", "unavailable", "malformed", "wrong-type");
    await expect(ask("driving")).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 30_000 });
    await expect(ask("driving")).rejects.toMatchObject({ code: "unavailable" });
    await expect(ask("driving")).rejects.toMatchObject({ code: "unavailable" });
    await expect(ask("driving")).rejects.toMatchObject({
      code: "unavailable",
      message: "The routing server answered with something that Burgeon cannot read. Try again later.",
    });
    await expect(ask("driving")).resolves.toMatchObject({ transport: "driving" });
  });

  it("ends as soon as the work is stopped", async () => {
    const { ask, faults } = await start();
    faults.plan("slow");
    const stop = new AbortController();
    const asked = ask("driving", office, stop.signal);
    await expect.poll(() => faults.asked.length).toBe(1);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });

  it("does not pass off ways by car as others where the server knows cars only", async () => {
    stubEnvironment({ OSRM_BASE_URL: "https://router.project-osrm.org" });
    const request = { from: home, to: office, transport: "walking" as const };
    await expect(osrm.navigation?.route(testingIo([]), request)).rejects.toMatchObject({ code: "refused" });
  });
});
