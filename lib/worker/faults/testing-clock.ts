/** Loaded with `--import` before everything else: this process believes in another time. */
export interface BentClock {
  /** Added to the real time. */
  offsetMs: number;
  /** Every reading jumps back or forth by up to this much. */
  jitterMs?: number;
}

const given = process.env.BURGEON_TEST_CLOCK;
if (given) bend(JSON.parse(given) as BentClock);

function bend({ offsetMs, jitterMs = 0 }: BentClock): void {
  const RealDate = Date;
  const realNow = Date.now;
  const realPerformance = performance.now.bind(performance);
  const shift = () => offsetMs + Math.round((Math.random() * 2 - 1) * jitterMs);
  class BentDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(realNow() + shift());
      else super(...(given as [number]));
    }
    static override now(): number {
      return realNow() + shift();
    }
  }
  globalThis.Date = BentDate as DateConstructor;
  performance.now = () => realPerformance() + shift();
}
