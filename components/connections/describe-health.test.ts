import { describe, expect, it } from "vitest";
import { connectionHealths } from "@/lib/contracts/connection";
import { describeHealth, describeHoldings, describeSkipped } from "./describe-health";
import { inMinutes, makeConnection, now } from "./testing-connection";

const say = (change: Parameters<typeof makeConnection>[0]) =>
  describeHealth(makeConnection(change), now).sentences.join(" ");

describe("how a connection is", () => {
  it("is said with when it was last synchronised and when it will be next", () => {
    expect(say({})).toBe("Works. Last synchronised 2 minutes ago, next in 8 minutes.");
    expect(say({ isSyncing: true })).toBe("Works. Last synchronised 2 minutes ago; synchronising now.");
    expect(say({ nextAt: inMinutes(-1) })).toContain("next in a moment");
    expect(say({ nextAt: null })).toBe("Works. Last synchronised 2 minutes ago.");
  });

  it("names the day it ends, why, and how to stop that, where the provider ends it", () => {
    const google = describeHealth(
      makeConnection({ health: "expires-soon", consentExpiresAt: inMinutes(2 * 24 * 60) }),
      now,
    );
    expect(google.sentences[0]).toBe("Expires in 2 days, because the Google project is in Testing.");
    expect(google.howToKeep).toContain("Publish app");
    expect(google.next).toBe("sign-in-again");
    const bank = { adapter: "plaid", health: "expires-soon", consentExpiresAt: inMinutes(60) } as const;
    expect(say(bank)).toContain("Expires in 1 hour, because what you agreed to ends then.");
    expect(describeHealth(makeConnection(bank), now).howToKeep).toBeNull();
  });

  it("tells what only the person can settle, and what settles it", () => {
    const notice = { code: "new-accounts", message: "Maple Bank has new accounts.", hint: "Choose which to add." };
    const words = describeHealth(makeConnection({ notice }), now);
    expect(words).toMatchObject({ label: "New accounts", next: "choose-accounts" });
    expect(words.sentences[0]).toBe("Maple Bank has new accounts.");
    const ending = { code: "expires", message: "Maple Bank will stop soon.", hint: "Sign in again." };
    expect(say({ health: "expires-soon", notice: ending })).toMatch(/^Maple Bank will stop soon. Sign in again. Last/);
  });

  it("says who failed, what Burgeon did, what the person can do and when it tries again", () => {
    const warning = { code: "unavailable", message: "Google did not answer. Burgeon kept what it has.", hint: "Wait." };
    expect(say({ health: "trouble", warning, nextAt: inMinutes(4) })).toBe(
      "Google did not answer. Burgeon kept what it has. Wait. Burgeon tries again in 4 minutes.",
    );
  });

  it("says of one that is being ended what could not be told, and what becomes of its history", () => {
    const ending = { health: "disconnecting", adapterTitle: "Plaid", nextAt: inMinutes(10) } as const;
    expect(say(ending)).toBe(
      "Ended here: nothing is fetched any more. Plaid is being told. Burgeon tries again in 10 minutes.",
    );
    const warning = { code: "refused", message: "Plaid did not take the keys.", hint: "Check PLAID_SECRET." };
    const bank = { ...ending, category: "finance", warning } as const;
    expect(say({ ...bank, keepsHistory: false })).toBe(
      "Ended here: nothing is fetched any more. Plaid could not be told yet. Plaid did not take the keys. Check PLAID_SECRET. Its accounts and transactions are deleted from Burgeon as soon as that is done. Burgeon tries again in 10 minutes.",
    );
    expect(say(bank)).toContain("Its accounts and transactions stay in Burgeon.");
  });

  it.each(connectionHealths)("has words for %s, also when nothing else is known", (health) => {
    const bare = { consentExpiresAt: null, lastGoodAt: null, lastTriedAt: null, nextAt: null, warning: null };
    const words = describeHealth(makeConnection({ health, ...bare }), now);
    expect(words.label).not.toBe("");
    expect(words.sentences.length).toBeGreaterThan(0);
    expect(words.sentences.join(" ")).toMatch(/^[A-Z].*\.$/);
    expect(words.sentences.join(" ")).not.toMatch(/null|undefined|NaN|Invalid/);
  });

  it("is that of a file that never changes by itself, where it came from one", () => {
    expect(say({ connect: "file", health: "waiting", lastGoodAt: null })).toContain("Nothing is fetched by itself");
  });
});

describe("what a connection holds", () => {
  it("is counted, one and many, and nothing is said of nothing", () => {
    expect(describeHoldings(makeConnection())).toBe("3 calendars, 212 events");
    const holds = { calendars: 0, events: 0, accounts: 1, transactions: 4210 };
    expect(describeHoldings(makeConnection({ holds }))).toBe("1 account, 4,210 transactions");
    expect(describeHoldings(makeConnection({ holds: { ...holds, accounts: 0, transactions: 0 } }))).toBe("");
  });
});

describe("what could not be read", () => {
  it("is counted in the words of its kind, with the reasons, and nothing is said of nothing", () => {
    const say = (change: Parameters<typeof makeConnection>[0]) => describeSkipped(makeConnection(change));
    expect(say({})).toBe("");
    const skipped = { count: 3, reasons: ["no currency", "an unknown shape"] };
    expect(say({ category: "finance", skipped })).toBe(
      "3 transactions could not be read: no currency, an unknown shape.",
    );
    expect(say({ skipped: { count: 1, reasons: [] } })).toBe("1 event could not be read.");
  });
});
