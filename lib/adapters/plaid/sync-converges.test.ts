import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import type { AdapterIo } from "../../contracts/adapter";
import type { FaultKind } from "./testing-control";
import { type PlaidTest, startPlaidTest } from "./testing-setup";
import { MemoryFinanceStore } from "./testing-store";

/** What may happen between a bank and Burgeon. Numbers pick one of what is there. */
type Step =
  | { do: "add"; cents: number; isCard: boolean }
  | { do: "modify" | "remove" | "post"; which: number; cents: number }
  | { do: "days"; count: number }
  | { do: "pages"; limit: number }
  | { do: "ready"; readiness: "not-ready" | "initial" | "historical" }
  | { do: "fail"; kind: FaultKind; skip: number; times: number }
  | { do: "store-fails" }
  /** A webhook of any age comes in, perhaps for the second time; what is told of makes Burgeon synchronise. */
  | { do: "webhook"; which: number };

const kinds: FaultKind[] = ["internal", "rateLimited", "mutation", "gateway", "institutionDown", "loginRequired"];
const which = fc.nat(10_000);
const cents = fc.integer({ min: -500_000, max: 500_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), cents, isCard: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("modify", "remove", "post"), which, cents }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("days" as const), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pages" as const), limit: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("ready" as const),
      readiness: fc.constantFrom("not-ready", "initial", "historical"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      kind: fc.constantFrom(...kinds),
      skip: fc.nat(4),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "store-fails" as const }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("webhook" as const), which }) },
);

let plaid: PlaidTest | undefined;
afterEach(() => plaid?.close());

/** A pending transaction and its posted form never stand side by side. */
function expectNothingTwice(store: MemoryFinanceStore): void {
  for (const { replacesId } of store.transactions.values())
    expect(replacesId !== undefined && store.transactions.has(replacesId)).toBe(false);
}

async function synchronise(test: PlaidTest, io: AdapterIo, store: MemoryFinanceStore): Promise<void> {
  const before = { commits: store.commits.length, kept: store.kept };
  try {
    await test.adapter.syncFinance?.(io, store);
    expect(store.commits).toHaveLength(before.commits + 1);
  } catch (error) {
    // Whatever went wrong: nothing was kept of it.
    expect(error).toBeInstanceOf(Error);
    expect({ commits: store.commits.length, kept: store.kept }).toEqual(before);
  }
  expectNothingTwice(store);
}

it("holds exactly what the bank has, once everything has come, whatever came between and in whatever order", async () => {
  let today = new Date("2026-11-24T12:00:00Z");
  const test = await startPlaidTest({ now: () => today, readiness: "manual" });
  plaid = test;
  test.control.holdWebhooks();

  const law = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    test.control.clearFaults();
    const { io, key } = await test.link("ins_900001", { daysRequested: 20, accounts: ["chequing", "visa"] });
    const mine = () => test.control.webhooks.filter(({ item }) => item === key);
    const store = new MemoryFinanceStore();
    const pick = (number: number, isPendingWanted: boolean) => {
      const there = test.control.transactions(key).filter(({ pending }) => pending || !isPendingWanted);
      return there[number % Math.max(1, there.length)]?.id;
    };
    for (const now of steps) {
      if (now.do === "add") test.control.add(key, { account: "visa", cents: now.cents, isCard: now.isCard });
      if (now.do === "days") today = new Date(today.getTime() + now.count * 86_400_000);
      if (now.do === "pages") test.control.setPageLimit(now.limit);
      if (now.do === "ready") test.control.setReadiness(key, now.readiness);
      if (now.do === "store-fails") store.isFailing = true;
      if (now.do === "fail") test.control.fail({ ...now, path: "/transactions/sync", retryAfter: "0" });
      if (now.do === "modify" || now.do === "remove" || now.do === "post") {
        const id = pick(now.which, now.do === "post");
        if (id !== undefined && now.do === "modify") test.control.modify(id, { cents: now.cents });
        if (id !== undefined && now.do === "remove") test.control.remove(id);
        if (id !== undefined && now.do === "post") test.control.post(id);
      }
      if (now.do === "webhook" && mine().length > 0) {
        const { headers, body } = mine()[now.which % mine().length]?.signed ?? { headers: {}, body: "" };
        const request = { headers: new Headers(headers), body: Buffer.from(body), now: today, signal: io.signal };
        // Those of days ago are too old to be believed; Plaid signs anew what it sends again.
        const news = await test.adapter.webhook?.verify(request);
        if (news?.news === "changed") await synchronise(test, io, store);
      }
    }
    test.control.clearFaults();
    store.isFailing = false;
    test.control.setReadiness(key, "historical");
    await test.adapter.syncFinance?.(io, store);
    expectNothingTwice(store);
    const truth = test.control.transactions(key).map(({ id, cents: out, pending }) => [id, 0 - out, pending] as const);
    const held = [...store.transactions.values()].map(
      ({ id, amount, pending }) => [id, amount.amountMinor, pending] as const,
    );
    const byId = (one: readonly [string, ...unknown[]], other: readonly [string, ...unknown[]]) =>
      one[0].localeCompare(other[0]);
    expect(held.sort(byId)).toEqual(truth.sort(byId));
    await test.adapter.link?.remove({ accessToken: await io.accessToken(), signal: io.signal });
  });
  await fc.assert(law, { numRuns: 60 });
}, 120_000);
