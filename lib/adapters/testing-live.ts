import type { z } from "zod";
import { calendarEventSchema, financialAccountSchema, financialTransactionSchema } from "../contracts/canonical";
import { oauth } from "./google-calendar/auth";
import { googleCalendar } from "./google-calendar/adapter";
import { createMemoryStore } from "./google-calendar/testing-connection";
import { plaid } from "./plaid/adapter";
import { createTestIo } from "./plaid/testing-setup";
import { MemoryFinanceStore } from "./plaid/testing-store";

/** What came of one adapter against its true provider. */
export interface LiveResult {
  adapter: string;
  outcome: "passed" | "failed" | "not run";
  /** What was seen, what went wrong, or what it would need. */
  message: string;
}

const limitMs = 120_000;
const pauseMs = 5000;

/** The same code as in the product, against Google and Plaid's sandbox. Nothing there is changed but what is made for it. */
export async function runLive(variables: NodeJS.ProcessEnv): Promise<LiveResult[]> {
  return [
    await run("google-calendar", needsOfGoogle(variables), readGoogle),
    await run("plaid", needsOfPlaid(), readPlaid),
  ];
}

async function run(adapter: string, needs: string[], read: () => Promise<string>): Promise<LiveResult> {
  if (needs.length > 0) return { adapter, outcome: "not run", message: `would need ${needs.join(", ")}` };
  try {
    return { adapter, outcome: "passed", message: await read() };
  } catch (cause) {
    return { adapter, outcome: "failed", message: cause instanceof Error ? cause.message : String(cause) };
  }
}

function needsOfGoogle({ GOOGLE_TEST_REFRESH_TOKEN }: NodeJS.ProcessEnv): string[] {
  const token = "GOOGLE_TEST_REFRESH_TOKEN (of an account whose calendar may be read and written to)";
  return [...googleCalendar.missing(), ...(GOOGLE_TEST_REFRESH_TOKEN ? [] : [token])];
}

async function readGoogle(): Promise<string> {
  const signal = AbortSignal.timeout(limitMs);
  const { accessToken } = await oauth.refresh({ refreshToken: process.env.GOOGLE_TEST_REFRESH_TOKEN ?? "", signal });
  const io = createTestIo(accessToken, { signal });
  const store = createMemoryStore();
  const first = await googleCalendar.syncCalendar?.(io, store);
  const second = await googleCalendar.syncCalendar?.(io, store);
  const events = [...store.calendars.keys()].flatMap((id) => store.events(id));
  expectShape(calendarEventSchema, events);
  return `${store.calendars.size} calendars, ${first?.written} events in full, then ${second?.written} that changed`;
}

function needsOfPlaid(): string[] {
  return plaid.missing().map((name) => `${name} (of the sandbox)`);
}

async function readPlaid(): Promise<string> {
  const signal = AbortSignal.timeout(limitMs);
  const { accessToken, key } = await link(signal);
  try {
    const io = createTestIo(accessToken, { signal });
    const store = new MemoryFinanceStore();
    // The sandbox prepares the transactions of a new item for a while.
    while (!(await plaid.syncFinance?.(io, store))?.isComplete) await new Promise((go) => setTimeout(go, pauseMs));
    expectShape(financialAccountSchema, [...store.accounts.values()]);
    expectShape(financialTransactionSchema, [...store.transactions.values()]);
    const title = await plaid.link?.nameOf({ accessToken, signal });
    return `${title} (${key.slice(0, 6)}…): ${store.accounts.size} accounts, ${store.transactions.size} transactions`;
  } finally {
    await plaid.link?.remove({ accessToken, signal });
  }
}

/** As after the dialog: the sandbox gives a public token without one. */
async function link(signal: AbortSignal) {
  const { PLAID_BASE_URL = "https://sandbox.plaid.com", PLAID_CLIENT_ID, PLAID_SECRET } = process.env;
  const institutionId = process.env.PLAID_TEST_INSTITUTION ?? "ins_109508";
  const answer = await fetch(`${PLAID_BASE_URL}/sandbox/public_token/create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ client_id: PLAID_CLIENT_ID, secret: PLAID_SECRET, institution_id: institutionId },
      initial_products: ["transactions"],
    }),
    signal,
  });
  const { public_token: publicToken } = (await answer.json()) as { public_token?: string };
  const linked = publicToken === undefined ? undefined : await plaid.link?.exchange({ publicToken, signal });
  if (!linked) throw new Error(`Plaid's sandbox gave no public token (status ${answer.status}).`);
  return linked;
}

function expectShape(schema: z.ZodType, things: readonly unknown[]): void {
  for (const thing of things) {
    const { error } = schema.safeParse(thing);
    if (error) throw new Error(`Something that was read is not of our shape: ${error.issues[0]?.path.join(".")}.`);
  }
}
