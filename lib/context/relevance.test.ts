import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContextItem, Priority } from "@/lib/contracts/context";
import { listAlerts } from "./alerts";
import { rankHealth, readHealth } from "./health";
import { rankContext } from "./rank-context";
import { compareItems, rankEvent, rankFinance, rankRoute, rankWeather } from "./relevance";
import { context, event, finance, report, section, total, zone } from "./testing-context";

const now = new Date("2026-11-27T14:00:00Z");
const when = { now, timeZone: zone };
const minutesAhead = (minutes: number) =>
  rankEvent(event({ startsAt: new Date(now.getTime() + minutes * 60_000).toISOString() }), when);
const order: Priority[] = ["high", "medium", "low"];
const isAbove = (a: ContextItem, b: ContextItem) => compareItems(a, b) <= 0;

describe("an event", () => {
  it("ranks higher the nearer it is, and never out of bounds", () => {
    const minutes = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(minutes, minutes, (one, other) => {
        const [near, far] = [minutesAhead(Math.min(one, other)), minutesAhead(Math.max(one, other))];
        expect(order.indexOf(near.priority)).toBeLessThanOrEqual(order.indexOf(far.priority));
        if (near.priority === far.priority) expect(near.score).toBeGreaterThanOrEqual(far.score);
        for (const { score } of [near, far]) expect(score >= 0 && score <= 100).toBe(true);
      }),
    );
  });

  it("is high with 100 less the minutes within two hours, medium within a day, low after, and nothing when it is over", () => {
    expect(minutesAhead(10)).toMatchObject({ priority: "high", score: 90 });
    expect(minutesAhead(119)).toMatchObject({ priority: "high", score: 0 });
    expect(minutesAhead(120)).toMatchObject({ priority: "medium", score: 50 });
    expect(minutesAhead(24 * 60)).toMatchObject({ priority: "low", score: 10 });
    expect(minutesAhead(-31)).toMatchObject({ priority: "low", score: 0 });
    expect(minutesAhead(-10)).toMatchObject({ priority: "medium", score: 50 });
  });

  it("ranks the same whatever zone it is written in", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3000, max: 3000 }),
        fc.constantFrom("UTC", "Asia/Kathmandu", "Pacific/Auckland"),
        (minutes, timeZone) => {
          const startsAt = new Date(now.getTime() + minutes * 60_000).toISOString();
          const { priority, score } = rankEvent(event({ startsAt, start: { at: startsAt, timeZone } }), when);
          expect({ priority, score }).toEqual({
            priority: minutesAhead(minutes).priority,
            score: minutesAhead(minutes).score,
          });
        },
      ),
    );
  });

  it("of a whole day is that day in the person's zone, and never urgent", () => {
    const day = (date: string, end: string) =>
      rankEvent({ id: "d", title: "Birthday", start: { date }, end: { date: end } }, when);
    expect(day("2026-11-27", "2026-11-28")).toMatchObject({ priority: "medium" });
    expect(day("2026-11-26", "2026-11-27")).toMatchObject({ priority: "low", score: 0 });
    const midnight = { now: new Date("2026-11-28T04:30:00Z"), timeZone: zone };
    expect(
      rankEvent({ id: "d", title: "Birthday", start: { date: "2026-11-28" }, end: { date: "2026-11-29" } }, midnight)
        .priority,
    ).toBe("medium");
  });
});

describe("money", () => {
  it("is urgent exactly for the currencies in which more went out than came in", () => {
    const amount = fc.integer({ min: 0, max: 1e12 });
    const totals = fc.uniqueArray(
      fc.record({ currency: fc.constantFrom("CAD", "EUR", "JPY", "USD"), a: amount, b: amount }),
      {
        selector: ({ currency }) => currency,
      },
    );
    fc.assert(
      fc.property(totals, (list) => {
        const items = rankFinance(finance({ totals: list.map(({ currency, a, b }) => total(currency, a, b)) }), when);
        const urgent = items.filter(({ priority }) => priority === "high").map(({ id }) => id.slice(-3));
        expect(urgent.sort()).toEqual(
          list
            .filter(({ a, b }) => a < b)
            .map(({ currency }) => currency)
            .sort(),
        );
      }),
    );
  });

  it("tells of what is pending, and of what is new for a day", () => {
    const items = rankFinance(finance({ pending: { count: 2, totals: [] } }), when);
    expect(items).toEqual([
      expect.objectContaining({ priority: "high", score: 70, title: "2 transactions are pending" }),
    ]);
  });
});

describe("weather, ways and health", () => {
  it("is urgent in extreme cold and heat, and worth knowing when rain is very likely", () => {
    expect(rankWeather(report({ temperatureCelsius: -20.5 }), when).priority).toBe("high");
    expect(rankWeather(report({ temperatureCelsius: 35.5 }), when).priority).toBe("high");
    expect(rankWeather(report({ temperatureCelsius: -20 }), when).priority).toBe("low");
    const rain = (precipitationProbability: number, at = "2026-11-27T16:00:00Z") =>
      rankWeather(report({}, [{ at, condition: "rain", precipitationProbability }]), when).priority;
    expect([rain(0.71), rain(0.7), rain(0.9, "2026-11-28T16:00:00Z")]).toEqual(["medium", "low", "low"]);
  });

  it("is urgent with heavy traffic only", () => {
    const way = (traffic: "heavy" | "light" | "unknown" | "blocked") =>
      rankRoute({ id: "r", traffic, durationSeconds: 600, transport: "driving" }, "work").priority;
    expect([way("heavy"), way("blocked"), way("light"), way("unknown")]).toEqual(["high", "high", "medium", "low"]);
  });

  it("takes zero for a value and what was not measured for nothing", () => {
    expect(rankHealth({ hrv: 0 }, "m")).toEqual([expect.objectContaining({ priority: "high", score: 75 })]);
    expect(rankHealth({}, "m")).toEqual([]);
    expect(rankHealth({ readinessScore: 49 }, "m")[0]).toMatchObject({ priority: "high", score: 60 });
    expect(rankHealth({ readinessScore: 69 }, "m")[0]).toMatchObject({ priority: "medium", score: 30 });
  });

  it("reads the newest measurement, whatever order, zones and strange entries come", () => {
    const metric = (at: string, value: number) => ({ id: at, at, metric: "hrv", value, unit: "ms" });
    const items = [
      metric("2026-11-27T09:00:00+02:00", 20),
      metric("2026-11-27T08:00:00Z", 50),
      null,
      { metric: "__proto__" },
    ];
    expect(readHealth("HealthMetric", items)).toEqual({ hrv: 50 });
    expect(
      readHealth("HealthSummary", [
        { date: "2026-11-26", hrv: 1 },
        { date: "2026-11-27", hrv: 2 },
      ]),
    ).toMatchObject({ hrv: 2 });
  });
});

describe("the whole", () => {
  const anything = fc.array(
    fc.oneof(fc.jsonValue(), fc.record({ id: fc.string(), at: fc.string(), metric: fc.string() })),
  );
  const types = fc.constantFrom(
    "CalendarEvent",
    "HealthMetric",
    "HealthSummary",
    "NavigationRoute",
    "Record",
    "WeatherData",
  );

  it("is in order whatever modules bring, and nothing that they bring can break it", () => {
    fc.assert(
      fc.property(anything, types, fc.string(), (items, canonical, category) => {
        const module = {
          ...section({ items: items as never[], isCut: false }),
          module: "x/y",
          title: "Y",
          operation: "pull",
          category,
          canonical,
        };
        const known = context({
          modules: [module as never],
          calendar: section({ events: [event()], isCut: false }),
          finance: section(finance({ totals: [total("CAD", 1, 2)] })),
        });
        const ranked = rankContext(known, when);
        expect(ranked.every((item, index) => index === 0 || isAbove(ranked[index - 1] as ContextItem, item))).toBe(
          true,
        );
        expect(ranked.some(({ id }) => id === "event:cev_1")).toBe(true);
        expect(listAlerts(known, when).length).toBeGreaterThan(1);
      }),
    );
  });

  it("is the same in whatever order the events came", () => {
    const events = [30, 90, 200, -10, 3000].map((minutes, index) =>
      event({ id: `cev_${index}`, startsAt: new Date(now.getTime() + minutes * 60_000).toISOString() }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        const rank = (list: typeof events) =>
          rankContext(context({ calendar: section({ events: list, isCut: false }) }), when);
        expect(rank(shuffled)).toEqual(rank(events));
      }),
    );
  });
});
