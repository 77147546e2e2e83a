import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeBriefing } from "./briefing";
import { clockSpan, readClock } from "./clock";
import { whenToLeave } from "./leave-time";
import { findOwnPlace, isOnline, placeOfLocation } from "./own-places";
import { planDay, type Way } from "./plan-day";
import { context, event, finance, report, section, total, zone } from "./testing-context";
import { describeWeather } from "./weather-line";

const now = new Date("2026-11-27T14:00:00Z");

describe("when to leave", () => {
  const leave = (durationSeconds: number, startsAt: string, at = now) =>
    whenToLeave(new Date(startsAt), { durationSeconds, transport: "driving" }, "work", { now: at, timeZone: zone });

  it("is the start, less the way, less five minutes, on the person's clock", () => {
    expect(leave(18 * 60, "2026-11-27T15:00:00Z")).toMatchObject({
      leaveAt: "2026-11-27T14:37:00.000Z",
      arriveBy: "2026-11-27T14:55:00.000Z",
      text: "Leave by 09:37 (18 min by car to work)",
    });
    expect(leave(18 * 60, "2026-11-27T14:20:00Z")).toMatchObject({
      state: "late",
      text: expect.stringMatching(/^Leave now/),
    });
  });

  it("always leaves the whole way and five minutes, also over a change of the clocks", () => {
    const start = fc.date({ min: new Date("2026-10-30"), max: new Date("2026-11-03"), noInvalidDate: true });
    fc.assert(
      fc.property(start, fc.double({ min: 0, max: 50_000, noNaN: true }), (startsAt, seconds) => {
        const { leaveAt } = whenToLeave(startsAt, { durationSeconds: seconds, transport: "driving" }, "x", {
          now,
          timeZone: zone,
        });
        expect(startsAt.getTime() - Date.parse(leaveAt)).toBeGreaterThanOrEqual(seconds * 1000 + 300_000);
      }),
    );
  });
});

describe("clocks", () => {
  it("name the day where a span ends on another, and know both halves of a night when clocks change", () => {
    expect(clockSpan("2026-11-28T04:30:00Z", "2026-11-28T06:00:00Z", zone)).toBe("23:30–Sat 28 Nov 01:00");
    expect(readClock("2026-11-01T12:00", zone).toISOString()).toBe("2026-11-01T17:00:00.000Z");
    expect(readClock("2026-10-31T12:00", zone).toISOString()).toBe("2026-10-31T16:00:00.000Z");
  });
});

const place = (id: string, name: string, more: { aliases?: string[]; label?: string } = {}) => ({
  id,
  name,
  aliases: more.aliases ?? [],
  label: more.label ?? name,
  latitude: 45,
  longitude: -75,
  timeZone: null,
});

describe("places", () => {
  const places = [
    place("p1", "home"),
    place("p2", "work", { label: "350 Albert St, Ottawa" }),
    place("p3", "gym", { aliases: ["studio"] }),
  ];

  it("are known by name, by the person's words and by those that everybody uses, and by no part of a word", () => {
    const name = (said: string) => findOwnPlace(places, said)?.name ?? null;
    expect([
      name("the Office"),
      name("STUDIO"),
      name("my place"),
      name("Home"),
      name("workshop"),
      name("homework"),
      name(""),
    ]).toEqual([...["work", "gym", "home", "home", null, null, null]]);
  });

  it("are found in the location of an event only where it is certain", () => {
    const at = (location: string | null) => placeOfLocation(places, location)?.name ?? null;
    expect([at("Office, room 3"), at("350 Albert St, Ottawa, ON"), at("Gym"), at("Workers' Club"), at(null)]).toEqual([
      ...["work", "work", "gym", null, null],
    ]);
    expect([isOnline("https://meet.example.com/x"), isOnline("Zoom"), isOnline("Zoomarkt 3")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("a planned day", () => {
  const request = {
    date: "2026-11-27",
    timeZone: zone,
    now: new Date("2026-11-27T05:00:00Z"),
    dayStart: "09:00",
    dayEnd: "18:00",
    minutes: 30,
  };
  const way: Way = { from: "home", to: "work", route: { durationSeconds: 1800, transport: "driving" } };
  const at = (id: string, from: string, to: string) =>
    event({ id, title: id, startsAt: `2026-11-27T${from}:00Z`, endsAt: `2026-11-27T${to}:00Z` });

  it("puts the way before its event with five minutes to spare, and takes its time from what is free", () => {
    const plan = planDay([at("Review", "16:00", "17:00")], new Map([["Review", way]]), request);
    expect(plan.entries.map(({ kind, when }) => `${kind} ${when}`)).toEqual([
      ...["free 09:00–10:25", "travel 10:25–10:55", "event 11:00–12:00", "free 12:00–18:00"],
    ]);
    expect(plan.freeMinutes).toBe(85 + 360);
  });

  it("tells overlaps, and ways that begin before the last event has ended", () => {
    const plan = planDay(
      [at("A", "15:00", "16:00"), at("B", "15:30", "16:30"), at("C", "16:40", "17:00")],
      new Map([["C", way]]),
      request,
    );
    const problems = plan.entries.flatMap(({ title, problems: all }) => all.map((text) => `${title}: ${text}`));
    expect(problems).toEqual(
      expect.arrayContaining(["B: Overlaps A (10:00–11:00).", "30 min by car to work: B ends too late for this way."]),
    );
    expect(problems.some((text) => text.includes("B: Overlaps B"))).toBe(false);
  });

  it("never gives time away twice, whatever the events and ways", () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 });
    const many = fc.array(
      fc.tuple(minute, fc.integer({ min: 1, max: 300 }), fc.option(fc.integer({ min: 1, max: 9000 }))),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(many, (list) => {
        const begin = Date.parse("2026-11-27T05:00:00Z");
        const iso = (minutes: number) => new Date(begin + minutes * 60_000).toISOString();
        const events = list.map(([from, length], index) =>
          event({ id: `e${index}`, startsAt: iso(from), endsAt: iso(from + length) }),
        );
        const ways = new Map(
          list.flatMap(([, , seconds], index) =>
            seconds === null
              ? []
              : [[`e${index}`, { ...way, route: { ...way.route, durationSeconds: seconds } }] as const],
          ),
        );
        const { entries } = planDay(events, ways, request);
        const free = entries.filter(({ kind }) => kind === "free");
        for (const slot of free)
          for (const other of entries)
            if (other !== slot)
              expect(
                slot.startsAt >= other.endsAt || slot.endsAt <= other.startsAt || other.startsAt === other.endsAt,
              ).toBe(true);
      }),
    );
  });
});

describe("a briefing", () => {
  const weather = section({
    placeName: "home",
    report: report(),
    line: describeWeather(report(), "at home", { now, timeZone: zone }),
  });
  const full = context({
    calendar: section({
      events: [
        event({ title: "Review [x](http://evil.example)" }),
        event({ id: "over", title: "Over", startsAt: "2026-11-27T12:00:00Z" }),
      ],
      isCut: false,
    }),
    finance: section(
      finance({ totals: [total("CAD", 500_000, 300_000), total("EUR", 0, 12_345)], pending: { count: 1, totals: [] } }),
    ),
    weather,
  });

  it("gives each currency its own exact figures, and what they stand on", () => {
    const { money } = writeBriefing(full, [], "2026-11-27", null);
    expect(money[0]).toContain("CA$5,000.00 in, CA$3,000.00 out; CA$2,000.00 left over");
    expect(money[1]).toContain("€0.00 in, €123.45 out; €123.45 more out than in");
    expect(money.at(-1)).toBe("412 transactions from 2 accounts, synced 09:12.");
  });

  it("tells what is still to come and not what is over, and makes no link of other people's words", () => {
    const { coming, headline, text } = writeBriefing(full, [], "2026-11-27", null);
    expect(coming).toHaveLength(1);
    expect(headline).toBe("Today is Friday 27 November; 1 event still to come.");
    expect(text).not.toContain("[x](http");
    expect(text).toContain("\\[x\\]");
  });

  it("of another day has its forecast and nothing that needs the person now", () => {
    const briefing = writeBriefing(full, [{ kind: "approval", text: "Waits", href: null }], "2026-11-28", []);
    expect(briefing).toMatchObject({
      needsYou: [],
      headline: "Saturday 28 November; nothing is on.",
      weather: "-3 to 5 °C and rain at home; rain likely (80 %).",
    });
  });

  it("says what is not in the picture", () => {
    const gone = {
      ...section<never>(null as never),
      state: "failed" as const,
      data: null,
      problem: "Open-Meteo is down.",
      hint: "Wait.",
    };
    const briefing = writeBriefing({ ...full, weather: gone }, [], "2026-11-27", null);
    expect(briefing).toMatchObject({ weather: null, gaps: ["Open-Meteo is down. Wait."] });
    expect(briefing.coming).toHaveLength(1);
  });

  it("names the zone of a place whose clock is not the reader's", () => {
    const wet = report({}, [{ at: "2026-11-27T20:00:00Z", condition: "rain", precipitationProbability: 0.8 }]);
    const rain = (timeZone: string) => describeWeather(wet, "at home", { now, timeZone }).rain;
    expect(rain(zone)).toBe("rain likely from 15:00 (80 %)");
    expect(rain("Europe/Berlin")).toBe("rain likely from 15:00 in America/Toronto (80 %)");
  });

  it("never says minus zero degrees", () => {
    expect(describeWeather(report({ temperatureCelsius: -0.4 }), "at home", { now, timeZone: zone }).text).toContain(
      "0 to 6 °C",
    );
    expect(
      describeWeather(report({ temperatureCelsius: -0.4 }), "at home", { now, timeZone: zone }).text,
    ).not.toContain("-0");
  });
});
