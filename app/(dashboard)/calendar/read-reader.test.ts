import { describe, expect, it } from "vitest";
import { readReader } from "./read-reader";

const read = (headers: Record<string, string>) => readReader(new Headers(headers));

describe("how somebody reads dates", () => {
  it("follows the first language of their browser, with the week of its country", () => {
    expect(read({ "accept-language": "de-DE,de;q=0.9,en;q=0.8" })).toMatchObject({ locale: "de-DE", firstDay: 1 });
    expect(read({ "accept-language": "en-US,en;q=0.9" })).toMatchObject({ locale: "en-US", firstDay: 7 });
  });

  it("has a default for whatever else a header holds", () => {
    for (const language of ["", "*", "not a language!", "x".repeat(5000), "-"])
      expect(read({ "accept-language": language })).toMatchObject({ locale: "en-CA", firstDay: 7 });
  });

  it("knows a phone by what it says of itself", () => {
    expect(read({ "sec-ch-ua-mobile": "?1" }).isPhone).toBe(true);
    expect(read({ "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)" }).isPhone).toBe(true);
    expect(read({ "sec-ch-ua-mobile": "?0", "user-agent": "Mozilla/5.0 (X11; Linux x86_64)" }).isPhone).toBe(false);
  });
});
