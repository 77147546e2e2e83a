import fc from "fast-check";
import { expect, it } from "vitest";
import { toMinor } from "@/modules/sdk/money";
import { toMinorUnits } from "./minor-units";

it("amounts in tests are counted as modules count them, in every currency", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const currencies = [...letters].flatMap((a) => [...letters].flatMap((b) => [...letters].map((c) => a + b + c)));
  const different = currencies.filter(
    (currency) => toMinorUnits("-12.345678", currency) !== toMinor("-12.345678", currency),
  );
  expect(different).toEqual([]);
  fc.assert(
    fc.property(
      fc.stringMatching(/^[+-]?\d{1,9}(\.\d{1,8})?$/),
      fc.constantFrom("EUR", "JPY", "KWD", "CLF"),
      (text, currency) => {
        expect(toMinorUnits(text, currency)).toBe(toMinor(text, currency));
      },
    ),
  );
});
