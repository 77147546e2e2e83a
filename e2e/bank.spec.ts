import type { ConnectionsBody } from "../lib/contracts/connection";
import { callApi, expectAccessible } from "./fixtures";
import { expect, test } from "./sample-installation";

test.use({ ownInstallation: "bank" });
test.describe.configure({ mode: "serial" });

const bank = "Sample Maple Bank";

test("a person connects a bank in Plaid's dialog, and accounts and transactions come by themselves", async ({
  signedIn,
  installation,
}) => {
  await callApi(installation, "PUT", "/api/settings/profile", {
    ...{ timeZone: "America/Toronto", currency: "CAD", transport: "driving" },
  });
  await signedIn.goto(`${installation.app.url}/connections`);
  await signedIn.getByRole("button", { name: /^Connect a bank/ }).click();
  const dialog = signedIn.getByRole("dialog", { name: "Sample bank sign-in" });
  await dialog.getByRole("radio", { name: bank }).check();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("checkbox", { name: /Visa Infinite/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Continue" }).click();
  const card = signedIn.getByRole("article", { name: bank });
  // First nothing is ready, then a month, then all of it: two webhooks say so.
  await expect(card.getByRole("status")).toContainText("Works.", { timeout: 60_000 });
  await expect(card).toContainText(/3 accounts, [\d,]+ transactions/);
  await expectAccessible(signedIn);
});

test("“How much did I spend on groceries last month?” is what a hand computation over the bank's own data gives", async ({
  signedIn,
  installation,
}) => {
  const spent = installation.accounts.plaid.control
    .transactions()
    .filter(
      ({ date, category, currency }) =>
        isLastMonth(date) && category === "FOOD_AND_DRINK_GROCERIES" && currency === "CAD",
    )
    .reduce((sum, { cents }) => sum + cents, 0);
  expect(spent).toBeGreaterThan(0);
  await signedIn.goto(`${installation.app.url}/chat`);
  await signedIn.getByRole("textbox", { name: "Message" }).fill("How much did I spend on groceries last month?");
  await signedIn.keyboard.press("Enter");
  const amount = (spent / 100).toLocaleString("en", { minimumFractionDigits: 2 });
  await expect(signedIn.getByRole("main")).toContainText(amount);
});

test("a login that is required asks for it, and only a good synchronisation clears it", async ({
  signedIn,
  installation,
}) => {
  const { control } = installation.accounts.plaid;
  const [item] = control.items();
  control.resetLogin(item?.itemId ?? "");
  await signedIn.goto(`${installation.app.url}/connections`);
  const card = signedIn.getByRole("article", { name: bank });
  await expect
    .poll(async () => (await connections(installation))[0]?.health, { timeout: 30_000 })
    .toBe("sign-in-again");
  await signedIn.reload();
  await expect(card.getByRole("status")).toContainText(/sign in again/i);
  await card.getByRole("button", { name: /^Sign in again/ }).click();
  const dialog = signedIn.getByRole("dialog", { name: "Sample bank sign-in" });
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(card.getByRole("status")).toContainText("Works.", { timeout: 30_000 });
  expect(await connections(installation)).toMatchObject([{ health: "good", warning: null }]);
  expect(control.items()).toHaveLength(1);
});

test("new accounts at the bank are told until the person looked at them", async ({ signedIn, installation }) => {
  const { control } = installation.accounts.plaid;
  control.tell(control.items()[0]?.itemId ?? "", "ITEM", "NEW_ACCOUNTS_AVAILABLE");
  await expect
    .poll(async () => (await connections(installation))[0]?.notice, { timeout: 30_000 })
    .toMatchObject({ code: "new-accounts" });
  await signedIn.goto(`${installation.app.url}/today`);
  await expect(signedIn.getByText(`${bank} has new accounts that are not connected yet.`)).toBeVisible();
  await signedIn.goto(`${installation.app.url}/connections`);
  const card = signedIn.getByRole("article", { name: bank });
  await expect(card.getByRole("status")).toContainText(
    "has new accounts that are not connected yet. Choose which to add.",
  );
  await card.getByRole("button", { name: /^Choose accounts/ }).click();
  const dialog = signedIn.getByRole("dialog", { name: "Sample bank sign-in" });
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(card.getByRole("status")).toContainText("Works.", { timeout: 30_000 });
});

test("Cancel in the dialog connects nothing", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/connections`);
  await signedIn.getByRole("button", { name: /^Connect a bank/ }).click();
  await signedIn.keyboard.press("Escape");
  await expect(signedIn.getByRole("dialog")).toHaveCount(0);
  expect(await connections(installation)).toHaveLength(1);
});

test("Disconnect with its history ends it at the bank and leaves nothing here", async ({ signedIn, installation }) => {
  await signedIn.goto(`${installation.app.url}/connections`);
  await signedIn.getByRole("button", { name: `Disconnect: ${bank}` }).click();
  const dialog = signedIn.getByRole("dialog");
  await dialog.getByLabel(/Delete them from Burgeon/).check();
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  // Behind an open dialog nothing else can be found, so that alone says nothing.
  await expect(dialog).toHaveCount(0);
  await expect(signedIn.getByRole("article", { name: bank })).toHaveCount(0);
  expect(installation.accounts.plaid.control.items()).toEqual([]);
});

async function connections(installation: Parameters<typeof callApi>[0]) {
  return (await callApi<ConnectionsBody>(installation, "GET", "/api/connections")).body.connections;
}

/** In the sample person's zone. */
function isLastMonth(date: string): boolean {
  const [year = 0, month = 0] = new Date()
    .toLocaleDateString("sv-SE", { timeZone: "America/Toronto" })
    .split("-")
    .map(Number);
  return date.startsWith(new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7));
}
