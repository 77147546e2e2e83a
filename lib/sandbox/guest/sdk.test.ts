import "../testing";
import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type * as contract from "@/lib/contracts/canonical";
import type * as sdk from "@/modules/sdk/index";
import { compileModule } from "../compile";
import { createSandbox } from "../host";
import type { SandboxEngine } from "../pool/protocol";
import type { GuestContext } from "./prelude";

const source = `import { addDays, collectPages, daysBetween, ensureOk, ModuleError, parseCsv, parseCsvRecords, retryAfterMs, toCalendarDate, toInstant, toMinor } from "@burgeon/sdk";
const attempt = (run: () => unknown) => { try { return run(); } catch (error) { return error instanceof ModuleError ? error.code + ": " + error.message : String(error); } };
export default { async go() { return [
  toMinor("1,234.565", "EUR"), toMinor("(0.5)", "KWD"), attempt(() => toMinor("12,50", "EUR")),
  parseCsv('a,"b\\n""c"\\r\\n1;2', ","), parseCsvRecords("x;y\\n1", ";"),
  toInstant("20260114T183000.000Z"), toInstant("2026-03-08T19:30+01:30"), toInstant(1767323045), attempt(() => toInstant("2026-03-08")),
  toCalendarDate("2026-03-08T23:00-11:00"), addDays("2026-12-31", 1), daysBetween("2026-01-01", "2026-03-01"),
  retryAfterMs({ "retry-after": "Fri, 02 Jan 2026 03:05:05 GMT" }, "2026-01-02T03:04:05Z"), retryAfterMs({ "retry-after": "7" }, "x"),
  await collectPages(async (cursor) => ({ items: [cursor ?? 0], next: Number(cursor ?? 0) < 3 ? Number(cursor ?? 0) + 1 : null })),
  attempt(() => ensureOk({ status: 429, ok: false, headers: {}, text: () => "", json: () => { throw 1; } }, "It")),
]; } };`;

describe("the SDK inside the sandbox", () => {
  it.each<SandboxEngine>(["quickjs-wasi", "quickjs-emscripten"])("does the same in %s as it says", async (engine) => {
    const sandbox = createSandbox({ workers: 1, engine });
    afterAll(() => sandbox.close());
    const compiled = await compileModule({ "adapter.ts": source });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
    const result = await sandbox.run({
      code: compiled.code,
      operation: "go",
      inputJson: "{}",
      connections: [],
      now: "2026-01-02T03:04:05Z",
    });
    expect(result).toMatchObject({
      ok: true,
      value: [
        123_457,
        -500,
        'schema: "12,50" is not an amount of money.',
        [["a", 'b\n"c'], ["1;2"]],
        [{ x: "1", y: "" }],
        "2026-01-14T18:30:00.000Z",
        "2026-03-08T18:00:00.000Z",
        "2026-01-02T03:04:05.000Z",
        'schema: "2026-03-08" is not an instant with a zone.',
        "2026-03-08",
        "2027-01-01",
        59,
        60_000,
        7_000,
        [0, 1, 2, 3],
        "rate_limited: It answered with status 429.",
      ],
    });
  });
});

it("what the machine hands to a module is what the SDK says", () => {
  expectTypeOf<GuestContext>().toExtend<sdk.Ctx>();
  expectTypeOf<keyof sdk.Ctx>().toEqualTypeOf<keyof GuestContext>();
});

/** What a module returns is parsed by the host: every type of the SDK has to be one that the schema takes. */
it("the SDK's canonical types are those of the host's schemas", () => {
  expectTypeOf<sdk.CalendarEvent>().toExtend<z.input<typeof contract.calendarEventSchema>>();
  expectTypeOf<sdk.FinancialAccount>().toExtend<z.input<typeof contract.financialAccountSchema>>();
  expectTypeOf<sdk.FinancialTransaction>().toExtend<z.input<typeof contract.financialTransactionSchema>>();
  expectTypeOf<sdk.HealthMetric>().toExtend<z.input<typeof contract.healthMetricSchema>>();
  expectTypeOf<sdk.HealthSummary>().toExtend<z.input<typeof contract.healthSummarySchema>>();
  expectTypeOf<sdk.NavigationRoute>().toExtend<z.input<typeof contract.navigationRouteSchema>>();
  expectTypeOf<sdk.WeatherData>().toExtend<z.input<typeof contract.weatherDataSchema>>();
  expectTypeOf<sdk.WeatherForecast>().toExtend<z.input<typeof contract.weatherForecastSchema>>();
  expectTypeOf<sdk.GamingProfile>().toExtend<z.input<typeof contract.gamingProfileSchema>>();
  expectTypeOf<sdk.GamingMatch>().toExtend<z.input<typeof contract.gamingMatchSchema>>();
  expectTypeOf<sdk.Contact>().toExtend<z.input<typeof contract.contactSchema>>();
  expectTypeOf<sdk.PlainRecord>().toExtend<z.input<typeof contract.recordSchema>>();
  // And nothing that the schema knows is missing from the type.
  expectTypeOf<keyof z.input<typeof contract.calendarEventSchema>>().toEqualTypeOf<keyof sdk.CalendarEvent>();
  expectTypeOf<keyof z.input<typeof contract.financialAccountSchema>>().toEqualTypeOf<keyof sdk.FinancialAccount>();
  expectTypeOf<keyof z.input<typeof contract.financialTransactionSchema>>().toEqualTypeOf<
    keyof sdk.FinancialTransaction
  >();
  expectTypeOf<keyof z.input<typeof contract.weatherDataSchema>>().toEqualTypeOf<keyof sdk.WeatherData>();
  expectTypeOf<keyof z.input<typeof contract.weatherForecastSchema>>().toEqualTypeOf<keyof sdk.WeatherForecast>();
  expectTypeOf<keyof z.input<typeof contract.gamingProfileSchema>>().toEqualTypeOf<keyof sdk.GamingProfile>();
  expectTypeOf<keyof z.input<typeof contract.gamingMatchSchema>>().toEqualTypeOf<keyof sdk.GamingMatch>();
});
