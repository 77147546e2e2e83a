import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { runSoak } from "./testing-soak";

it("three workers outlive a minute of everything: each run ends once, nothing happens twice, every invariant holds", {
  timeout: 180_000,
}, async () => {
  // Shown whole when it fails: the seed brings back the same faults in the same order.
  const report = await runSoak({ durationMs: 40_000, seed: randomInt(1_000_000) });
  const { done = 0, stopped = 0, ...others } = report.statuses;
  expect({ ...report, others, isBusy: done > 50, areStopsAsked: stopped <= report.stops }).toEqual({
    ...report,
    broken: [],
    others: {},
    isBusy: true,
    areStopsAsked: true,
  });
});
