import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { calendarDay, dayMs, dayNumber } from "./calendar-day";
import { expandRule } from "./expand-rule";
import { parseRule } from "./parse-rule";

const at = (text: string) => Date.parse(`${text}Z`);
const expand = (rule: string, start: string, to: string, from = start) => {
  const parsed = parseRule(rule);
  if (!parsed) throw new Error(`not a rule: ${rule}`);
  const until = parsed.until
    ? at(parsed.until.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?/, "$1-$2-$3T$4:$5:$6"))
    : null;
  const window = { from: at(from), to: at(to) };
  return expandRule(parsed, {
    start: at(start),
    until,
    window,
    maxStarts: 50_000,
    budget: { steps: 1_000_000, starts: 100_000 },
  });
};
const days = (rule: string, start: string, to: string) =>
  expand(rule, `${start}T09:00:00`, `${to}T23:59:59`).map((ms) => new Date(ms).toISOString().slice(0, 10));

describe("a rule of RFC 5545", () => {
  // The examples of 3.8.5.3, as far as they say which days they mean.
  it.each([
    ["FREQ=DAILY;COUNT=3", "1997-09-02", ["1997-09-02", "1997-09-03", "1997-09-04"]],
    ["FREQ=DAILY;INTERVAL=10;COUNT=3", "1997-09-02", ["1997-09-02", "1997-09-12", "1997-09-22"]],
    [
      "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
      "1997-09-02",
      ["02", "04", "09", "11", "16", "18", "23", "25", "30"].map((day) => `1997-09-${day}`).concat("1997-10-02"),
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH",
      "1997-09-02",
      ["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"],
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
      "1997-08-05",
      ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
      "1997-08-05",
      ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    ],
    ["FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "1997-09-05", ["1997-09-05", "1997-10-03", "1997-11-07"]],
    [
      "FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU",
      "1997-09-07",
      ["1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30"],
    ],
    ["FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "1997-09-22", ["1997-09-22", "1997-10-20", "1997-11-17"]],
    ["FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", "1997-09-28", ["1997-09-28", "1997-10-29", "1997-11-28"]],
    ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "1998-02-13", ["1998-02-13", "1998-03-13", "1998-11-13"]],
    ["FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", ["1997-09-04", "1997-10-07", "1997-11-06"]],
    ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "1997-09-29", ["1997-09-29", "1997-10-30", "1997-11-27"]],
    [
      "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
      "2007-01-15",
      ["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"],
    ],
    ["FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "1997-06-10", ["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"]],
    [
      "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
      "1997-01-01",
      ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01"],
    ],
    ["FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19", ["1997-05-19", "1998-05-18", "1999-05-17"]],
    ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "1997-05-12", ["1997-05-12", "1998-05-11", "1999-05-17"]],
    [
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
      "1996-11-05",
      ["1996-11-05", "2000-11-07", "2004-11-02"],
    ],
    ["FREQ=YEARLY;COUNT=3", "2024-02-29", ["2024-02-29", "2028-02-29", "2032-02-29"]],
    ["FREQ=MONTHLY;COUNT=3", "2026-01-31", ["2026-01-31", "2026-03-31", "2026-05-31"]],
  ])("%s from %s", (rule, start, expected) => {
    expect(days(rule, start, "2035-01-01")).toEqual(expected);
  });

  it("gives the same when it is looked at from the middle", () => {
    const rules = fc.constantFrom(
      ...[
        "DAILY;INTERVAL=3",
        "WEEKLY;INTERVAL=2;BYDAY=MO,SU",
        "MONTHLY;INTERVAL=5;BYDAY=-1FR",
        "YEARLY;INTERVAL=2;BYMONTH=2",
      ],
      ...[
        "HOURLY;INTERVAL=7",
        "MONTHLY;BYMONTHDAY=31",
        "YEARLY;BYWEEKNO=1;BYDAY=MO",
        "WEEKLY;WKST=SU;INTERVAL=3;BYDAY=SU,SA",
      ],
    );
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 1500 }),
        (rule, first, offset) => {
          const start = new Date(at("2015-01-01T10:00:00") + first * dayMs).toISOString().slice(0, 19);
          const from = new Date(at(start) + offset * dayMs).toISOString().slice(0, 19);
          const to = new Date(at(from) + 900 * dayMs).toISOString().slice(0, 19);
          const whole = expand(`FREQ=${rule}`, start, to);
          expect(expand(`FREQ=${rule}`, start, to, from)).toEqual(whole.filter((ms) => ms >= at(from)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("means what it means to another implementation", () => {
    const list = (items: readonly (string | number)[]) =>
      fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 });
    const rules = fc.oneof(
      fc.tuple(list(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])).map(([some]) => `FREQ=WEEKLY;BYDAY=${some.join()}`),
      fc.tuple(list([1, 5, 12, 28, 30, 31])).map(([some]) => `FREQ=MONTHLY;BYMONTHDAY=${some.join()}`),
      fc.tuple(list(["1MO", "2TU", "-1FR", "3SU"])).map(([some]) => `FREQ=MONTHLY;BYDAY=${some.slice(0, 1).join()}`),
      fc.constantFrom(
        "FREQ=DAILY",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
      ),
    );
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 700 }), (text, interval, offset) => {
        const rule = `${text};INTERVAL=${interval}`;
        const base = at("2025-01-01T09:00:00") + offset * dayMs;
        // The other one begins with the first day that fits; so does this test.
        const first = icalStarts(rule, new Date(base).toISOString().slice(0, 19), 1)[0] ?? "";
        const theirs = icalStarts(rule, first, 12);
        const ours = expand(rule, first, theirs.at(-1) ?? "");
        expect(ours.map((ms) => new Date(ms).toISOString().slice(0, 19))).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });

  it("counts days as the platform does", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (number) => {
        const date = new Date(number * dayMs);
        const day = calendarDay(number);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
        expect(day).toEqual({
          number,
          year,
          month: month + 1,
          day: date.getUTCDate(),
          weekday: date.getUTCDay(),
          daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
          dayOfYear: (date.getTime() - Date.UTC(year, 0, 1)) / dayMs + 1,
          daysInYear: (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / dayMs,
        });
        expect(dayNumber(day.year, day.month, day.day)).toBe(number);
        expect(dayNumber(day.year - 1, day.month + 12, day.day)).toBe(number);
      }),
      { numRuns: 2000 },
    );
  });

  it("is none when it is damaged, and none that repeats by minutes", () => {
    for (const text of [
      "",
      "FREQ=SECONDLY",
      "FREQ=MINUTELY",
      "FREQ=DAILY;BYMONTH=13",
      "FREQ=DAILY;BYDAY=XX",
      "BYDAY=MO",
    ])
      expect(parseRule(text)).toBeNull();
  });
});

function icalStarts(rule: string, start: string, count: number): string[] {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateTimeString(start));
  return Array.from({ length: count }, () => String(iterator.next()).slice(0, 19));
}
