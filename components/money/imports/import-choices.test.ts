import { describe, expect, it } from "vitest";
import type { FileInspection } from "@/lib/contracts/adapter";
import { decodeFile } from "./decode-file";
import { firstOptions, isReady, needsOf } from "./import-choices";

const csv = { id: "csv", title: "Table (CSV)" };
const mapping = { date: "Date", amount: "Amount", description: "What", dateFormat: "yyyy-MM-dd" };
const inspection = (more: Partial<FileInspection> = {}): FileInspection => ({
  ...{ formats: [csv], columns: ["Date", "What", "Amount"], sample: [], mapping },
  ...more,
});
const known = { currency: "CAD", accountNames: [] };
const askedFor = (found: FileInspection) => {
  const options = firstOptions({ name: "my_export.csv" }, found, known);
  const needs = needsOf(found, options);
  return { options, needs: Object.entries(needs).flatMap(([name, isNeeded]) => (isNeeded ? [name] : [])) };
};

describe("what is asked before a file is read", () => {
  it("is nothing of an OFX file", () => {
    const { options, needs } = askedFor(
      inspection({ formats: [{ id: "ofx", title: "OFX" }], columns: [], mapping: null }),
    );
    expect([needs, isReady(options)]).toEqual([[], true]);
  });

  it("is the account and the currency of a table that names neither", () => {
    const { options, needs } = askedFor(inspection());
    expect([needs, options.accountName, isReady(options)]).toEqual([["accountName", "currency"], "my export", true]);
    expect(askedFor(inspection({ mapping: { ...mapping, account: "IBAN", currency: "Cur" } })).needs).toEqual([]);
  });

  it("is which account it is of, without a guess, once there are accounts that files were given for", () => {
    const options = firstOptions({ name: "a.csv" }, inspection(), { currency: "CAD", accountNames: ["Everyday"] });
    expect([options.accountName, isReady(options)]).toEqual(["", false]);
  });

  it("is how dates are written where they can be read in two ways, and nothing is read before", () => {
    const { options, needs } = askedFor(inspection({ mapping: { ...mapping, dateFormat: "" } }));
    expect([needs.includes("dateFormat"), isReady(options)]).toEqual([true, false]);
    expect(isReady({ ...options, mapping: { ...mapping, dateFormat: "dd/MM/yyyy" } })).toBe(true);
  });

  it("is the columns where nothing could be guessed", () => {
    const { options, needs } = askedFor(inspection({ mapping: null }));
    expect([needs.includes("columns"), isReady(options)]).toEqual([true, false]);
  });

  it("is the account alone of a CIBC file without a card, which is in Canadian dollars", () => {
    const found = inspection({ formats: [{ id: "cibc-csv", title: "CIBC (CSV)" }, csv] });
    expect(askedFor(found).needs).toEqual(["accountName"]);
    expect(askedFor({ ...found, mapping: { ...mapping, account: "Card" } }).needs).toEqual([]);
  });
});

describe("the text of a file", () => {
  const text = "Date;Café;1,00 €";
  it.each([
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-16 with its mark", new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"))],
    ["UTF-16, the other way round", new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le").swap16())],
    ["windows-1252", Uint8Array.from([...text], (letter) => (letter === "€" ? 0x80 : letter.charCodeAt(0)))],
  ])("is read from %s", (_name, bytes) => expect(decodeFile(bytes)).toBe(text));
});
