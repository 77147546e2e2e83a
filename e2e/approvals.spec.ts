import type { Page } from "@playwright/test";
import type { ApprovalItem, GrantItem } from "../lib/contracts/approval";
import type { RunView } from "../lib/contracts/run";
import { sampleLibraryKey } from "../lib/demo/library-service";
import { callApi, expect, expectAccessible, type Installation, test } from "./fixtures";

/** Nothing happens unasked: questions, rights that last, and taking back, in the browser. */
test.describe.configure({ mode: "serial" });
test.use({ ownInstallation: "approvals" });

interface Built {
  category: string;
  name: string;
  toolNames: string[];
}

/** A module that may place holds in the sample library, approved and with its key. */
async function growLibrary(at: Installation): Promise<void> {
  const message = `Build a module from ${at.library}/openapi.json that lists my holds, shows a book and places holds`;
  await start(at, message, ["done"]);
  const { modules } = (await callApi<{ modules: Built[] }>(at, "GET", "/api/modules")).body;
  const built = modules.find(({ name }) => name === "library");
  const path = `/api/modules/${built?.category}/${built?.name}`;
  const found = await callApi<{ versions: { digest: string; state: string }[] }>(at, "GET", path);
  const version = found.body.versions.find(({ state }) => state === "awaiting_review");
  expect((await callApi(at, "POST", `${path}/versions/${version?.digest}/approve`, {})).status).toBe(200);
  const { credentials } = (await callApi<{ credentials: { name: string }[] }>(at, "GET", path)).body;
  const values = { [credentials[0]?.name ?? ""]: sampleLibraryKey };
  expect((await callApi(at, "PUT", `${path}/credentials`, { values })).status).toBe(200);
}

/** Asks and waits until the run stands like that. */
async function start(at: Installation, message: string, statuses: string[]): Promise<RunView> {
  const { body } = await callApi<{ runId: string }>(at, "POST", "/api/runs", { message });
  let run: RunView | null = null;
  await expect
    .poll(
      async () => {
        run = (await callApi<RunView>(at, "GET", `/api/runs/${body.runId}`)).body;
        return run.status;
      },
      { timeout: 60_000 },
    )
    .toEqual(expect.stringMatching(statuses.join("|")));
  if (!run) throw new Error("no run");
  return run;
}

const placeHold = (book: string) => `Place a hold on book ${book}`;
const question = (page: Page, book: string) =>
  page.getByRole("region", { name: /place hold/ }).filter({ hasText: book });
const waitingLink = (page: Page, count: number) =>
  page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: `Approvals, ${count} waiting` });

async function listHolds(at: Installation): Promise<string[]> {
  const response = await fetch(`${at.library}/v1/holds`, { headers: { "x-library-key": sampleLibraryKey } });
  const { holds } = (await response.json()) as { holds: { book_id: string }[] };
  return holds.map((hold) => hold.book_id);
}

test("the page says what will stand here while nothing does", async ({ signedIn: page, installation }) => {
  test.setTimeout(120_000);
  await growLibrary(installation);
  await page.goto(`${installation.app.url}/approvals`);
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expectAccessible(page);
});

test("a write waits: in the chat, on Approvals and in the count, and Enter approves nothing", async ({
  signedIn: page,
  installation,
}) => {
  const run = await start(installation, placeHold("b-104"), ["waiting"]);
  await page.goto(`${installation.app.url}/chat/${run.conversationId}`);
  await expect(question(page, "b-104")).toBeVisible();
  await waitingLink(page, 1).click();
  const card = question(page, "b-104");
  await expect(card).toContainText("b-104");
  await expectAccessible(page);
  // Nothing of the question has the focus by itself, and Enter in the note sends nothing.
  await page.keyboard.press("Enter");
  await card.getByLabel("Note to Burgeon").fill("as agreed");
  await card.getByLabel("Note to Burgeon").press("Enter");
  const open = await callApi<{ approvals: ApprovalItem[] }>(installation, "GET", "/api/approvals?state=pending");
  expect(open.body.approvals.map(({ status }) => status)).toEqual(["pending"]);
  expect(await listHolds(installation)).toEqual([]);
  await card.getByRole("button", { name: /^Allow once/ }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expect(waitingLink(page, 1)).toHaveCount(0);
  await expect.poll(() => listHolds(installation)).toEqual(["b-104"]);
  await expect(page.getByRole("region", { name: "Decided" })).toContainText("as agreed");
  await page.goto(`${installation.app.url}/chat/${run.conversationId}`);
  await expect(page.getByText(/You allowed this once/)).toBeVisible();
});

test("a denial with a note does nothing, and the note is kept", async ({ signedIn: page, installation }) => {
  const run = await start(installation, placeHold("b-101"), ["waiting"]);
  await page.goto(`${installation.app.url}/chat/${run.conversationId}`);
  const card = question(page, "b-101");
  await card.getByLabel("Note to Burgeon").fill("Not this one, sk-proj-abcdefghijklmnopqrstuvwxyz0123");
  await card.getByRole("button", { name: /^Deny/ }).click();
  const told = page.getByText(/You denied this; nothing was done/);
  await expect(told).toContainText("Not this one");
  await expect(told).not.toContainText("sk-proj");
  await expect(card).toHaveCount(0);
  expect(await listHolds(installation)).toEqual(["b-104"]);
});

test("“always” goes as far as it was narrowed, and can be taken back", async ({ signedIn: page, installation }) => {
  await start(installation, placeHold("b-102"), ["waiting"]);
  await page.goto(`${installation.app.url}/approvals`);
  const card = question(page, "b-102");
  await card.getByRole("button", { name: "Always for this tool…" }).click();
  await expect(card.getByRole("checkbox", { name: /only when book id is b-102/ })).toBeChecked();
  await expect(card).toContainText("only when book id is “b-102”");
  await expectAccessible(page);
  await card.getByRole("button", { name: "Allow always" }).click();
  const always = page.getByRole("region", { name: "Always allowed" });
  await expect(always).toContainText("only when book id is “b-102”");
  await expect.poll(() => listHolds(installation)).toEqual(["b-104", "b-102"]);

  await start(installation, placeHold("b-102"), ["done"]);
  expect(await listHolds(installation)).toEqual(["b-104", "b-102", "b-102"]);
  const other = await start(installation, placeHold("b-103"), ["waiting"]);
  const { grants } = (await callApi<{ grants: GrantItem[] }>(installation, "GET", "/api/grants")).body;
  expect(grants).toMatchObject([{ uses: 1, rules: [{ argument: "book_id", equals: "b-102" }] }]);

  await page.reload();
  await expect(always).toContainText("used once");
  await always.getByRole("button", { name: /^Revoke/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(always.getByRole("button", { name: /^Revoke/ })).toHaveCount(0);
  const again = await start(installation, placeHold("b-102"), ["waiting"]);
  for (const { runId } of [other, again]) await callApi(installation, "POST", `/api/runs/${runId}/stop`, {});
});

test("what another tab or program decides goes away here by itself", async ({ signedIn: page, installation }) => {
  await start(installation, placeHold("b-105"), ["waiting"]);
  await page.goto(`${installation.app.url}/approvals`);
  await expect(question(page, "b-105")).toBeVisible();
  const { approvals } = (await callApi<{ approvals: ApprovalItem[] }>(installation, "GET", "/api/approvals")).body;
  const asked = approvals.find(({ lines }) => lines.some(({ value }) => value === "b-105"));
  const path = `/api/approvals/${asked?.approvalId}`;
  expect((await callApi(installation, "POST", path, { decision: "deny" })).status).toBe(200);
  expect((await callApi(installation, "POST", path, { decision: "allow" })).status).toBe(409);
  await expect(question(page, "b-105")).toHaveCount(0, { timeout: 30_000 });
});

test("what can be taken back says so, and is taken back once", async ({ signedIn: page, installation }) => {
  const run = await start(installation, "Remember that the spare key hangs in the shed", ["done"]);
  await page.goto(`${installation.app.url}/chat/${run.conversationId}`);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone", { exact: true })).toBeVisible();
  const callId = run.toolCalls[0]?.callId ?? "";
  // Asked again, it is still undone once, and says nothing else.
  const again = await callApi(installation, "POST", `/api/runs/${run.runId}/calls/${callId}/undo`, {});
  expect(again.status).toBe(200);
  const unknown = await callApi(installation, "POST", `/api/runs/${run.runId}/calls/none/undo`, {});
  expect(unknown.status).toBe(404);
});
