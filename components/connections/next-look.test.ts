import { describe, expect, it } from "vitest";
import { nextLookMs } from "./next-look";
import { inMinutes, makeConnection, now } from "./testing-connection";

const look = (change: Parameters<typeof makeConnection>[0], looks = 0, isExpecting = false) =>
  nextLookMs([makeConnection(change)], { now, looks, isExpecting });

describe("when the page reads again", () => {
  it("is soon while something moves, and later each time that nothing came of it", () => {
    const waits = [0, 1, 2, 5, 20].map((looks) => look({ isSyncing: true }, looks) ?? 0);
    expect(waits[0]).toBeLessThan(3_000);
    expect(waits).toEqual([...waits].sort((first, second) => first - second));
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  });

  it("ends at some time, whatever is said to move", () => {
    expect(look({ isSyncing: true }, 30)).toBeNull();
    expect(look({ nextAt: inMinutes(-60) }, 30)).toBeNull();
  });

  it("is after the next synchronisation while all is quiet", () => {
    expect(look({ nextAt: inMinutes(8) })).toBeGreaterThan(8 * 60_000);
    expect(look({ nextAt: null })).toBeNull();
  });

  it("is soon after the person asked for something", () => {
    expect(look({ nextAt: inMinutes(8) }, 0, true)).toBeLessThan(3_000);
  });
});
