import { parseHTML } from "linkedom";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PlaidTest, startPlaidTest } from "./testing-setup";

let plaid: PlaidTest;
beforeEach(async () => {
  plaid = await startPlaidTest({ readiness: "at-once" });
});
afterEach(() => plaid.close());
const signal = new AbortController().signal;

interface Handler {
  open(): void;
  exit(how?: { force?: boolean }): void;
  destroy(): void;
}
interface Outcome {
  publicToken?: string;
  accounts?: { id: string; name: string }[];
  exit?: unknown;
  events: string[];
}

/** Runs the script as the fake serves it, in a page without a window of its own. */
async function openDialog(linkToken: string) {
  const source = await (await fetch(`${plaid.origin}/link/v2/stable/link-initialize.js`)).text();
  const { window, document } = parseHTML("<html><head></head><body><main>Page</main></body></html>");
  const page: { Plaid?: { create(options: object): Handler } } = {};
  const location = { origin: plaid.origin, href: plaid.origin };
  new Function("window", "document", "location", source)(page, document, location);
  const outcome: Outcome = { events: [] };
  const handler = page.Plaid?.create({
    token: linkToken,
    onSuccess: (publicToken: string, { accounts }: { accounts: { id: string; name: string }[] }) =>
      Object.assign(outcome, { publicToken, accounts }),
    onExit: (error: unknown) => Object.assign(outcome, { exit: error }),
    onEvent: (name: string) => outcome.events.push(name),
  });
  if (!handler) throw new Error("The script defines no window.Plaid.");
  handler.open();
  const submit = async () => {
    document.querySelector("form")?.onsubmit?.(new window.Event("submit", { cancelable: true }) as never);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { document, handler, outcome, submit, text: () => document.querySelector("[role=dialog]")?.textContent ?? "" };
}

const createToken = async () =>
  (await plaid.adapter.link?.createLinkToken({ personKey: "p", signal }))?.linkToken ?? "";

describe("the sample dialog", () => {
  it("leads from bank to accounts to a public token that is good for exactly the chosen accounts", async () => {
    const dialog = await openDialog(await createToken());
    expect(dialog.text()).toContain("Sample bank sign-in");
    expect(dialog.text()).toContain("Sample Harbor Credit Union");
    await dialog.submit();
    expect(dialog.text()).toContain("Which accounts of Sample Maple Bank?");
    for (const input of dialog.document.querySelectorAll<HTMLInputElement>("input"))
      input.checked = input.value !== "savings";
    await dialog.submit();
    expect(dialog.outcome.accounts?.map(({ id }) => id)).toEqual(["chequing", "visa"]);
    expect(dialog.text()).toBe("");
    const linked = await plaid.adapter.link?.exchange({ publicToken: dialog.outcome.publicToken ?? "", signal });
    expect(plaid.control.items()).toMatchObject([{ itemId: linked?.key, institutionId: "ins_900001" }]);
    const accounts = new Set(plaid.control.transactions().map(({ accountId }) => accountId));
    expect(accounts.size).toBe(2);
    expect(dialog.outcome.events).toEqual(["OPEN", "SELECT_INSTITUTION", "HANDOFF"]);
  });

  it("wants at least one account, and says so", async () => {
    const dialog = await openDialog(await createToken());
    await dialog.submit();
    for (const input of dialog.document.querySelectorAll<HTMLInputElement>("input")) input.checked = false;
    await dialog.submit();
    expect(dialog.document.querySelector("[role=alert]")?.textContent).toBe("Choose at least one account.");
    expect(dialog.outcome.publicToken).toBeUndefined();
  });

  it("can be left, and leaves nothing behind", async () => {
    const dialog = await openDialog(await createToken());
    dialog.handler.exit();
    expect(dialog.outcome.exit).toBeNull();
    expect(dialog.document.querySelector("[data-sample-bank]")).toBeNull();
    const other = await openDialog(await createToken());
    other.handler.destroy();
    expect(other.outcome.exit).toBeUndefined();
    expect(other.document.querySelector("[data-sample-bank]")).toBeNull();
  });

  it("offers the banks of the installation's countries", async () => {
    await plaid.close();
    plaid = await startPlaidTest({}, { countryCodes: ["US"] });
    const dialog = await openDialog(await createToken());
    expect(dialog.text()).toContain("Sample Harbor Credit Union");
    expect(dialog.text()).not.toContain("Sample Maple Bank");
  });
});

it("the sample banks outlive the fake: one that was started anew knows what was linked before", async () => {
  const { accessToken, key } = await plaid.link("ins_900001", { accounts: ["chequing"] });
  const before = plaid.control.transactions(key);
  await plaid.close();
  plaid = await startPlaidTest();
  const { item } = await plaid.client.call((api) => api.itemGet({ access_token: accessToken }), { signal });
  expect(item.item_id).toBe(key);
  expect(plaid.control.transactions(key)).toEqual(before);
});
