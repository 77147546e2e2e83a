import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanMerchant } from "./clean-merchant";

describe("a merchant's name", () => {
  it.each([
    ["SQ *BLUE BOTTLE 0123 TORONTO ON", "Blue Bottle"],
    ["TST* THE ALBION ROOMS", "The Albion Rooms"],
    ["PAYPAL *STEAM GAMES 402-935-7733", "Steam Games"],
    ["PP*JOHNS BAKERY", "Johns Bakery"],
    ["POINT OF SALE - INTERAC RETAIL PURCHASE 1234 FARM BOY #32", "Farm Boy"],
    ["POS PURCHASE FARM BOY #32", "Farm Boy"],
    ["FARM BOY #32 OTTAWA ON", "Farm Boy"],
    ["PIZZERIA ROMA OTTAWA ON", "Pizzeria Roma"],
    ["NETFLIX.COM", "Netflix.com"],
    ["GITHUB, INC. WWW.GITHUB.COM", "Github, Inc."],
    ["Blue Bottle Coffee", "Blue Bottle Coffee"],
    ["H&M 0045", "H&M"],
    ["CAFÉ OLÉ", "Café Olé"],
    ["  Müller   Drogerie ", "Müller Drogerie"],
    ["12345", "12345"],
    ["", "Unknown"],
  ])("%s is %s", (merchant, expected) => {
    expect(cleanMerchant(merchant)).toBe(expected);
  });

  it("is never empty, and clean once is clean", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(cleanMerchant(text).length).toBeGreaterThan(0);
      }),
    );
  });
});
