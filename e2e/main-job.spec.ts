import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, test as base } from "@playwright/test";
import { type AppProcess, startApp } from "./app-process";
import { expect, expectAccessible, owner } from "./fixtures";
import { type OrchardService, orchardKey, startOrchard } from "./orchard-service";

/** The main job in the browser, from an empty folder: owner, build, review, approve, key, answer, upgrade, roll back, switch off. */
const test = base;
test.describe.configure({ mode: "serial" });

let app: AppProcess;
let first: OrchardService;
let second: OrchardService;
let page: Page;
const foreignRequests: string[] = [];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  [first, second] = await Promise.all([startOrchard(), startOrchard({ extraOperation: true })]);
  app = await startApp({ BURGEON_EGRESS_ALLOW: [first, second].map(({ origin }) => new URL(origin).host).join(",") });
  page = await (await browser.newContext()).newPage();
  page.on("request", (request) => {
    if (!request.url().startsWith(app.url) && !/^(data|blob):/.test(request.url())) foreignRequests.push(request.url());
  });
});
test.afterAll(async () => {
  await page?.context().close();
  await app?.stop();
  await Promise.all([first?.close(), second?.close()]);
});

async function say(text: string): Promise<void> {
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill(text);
  await box.press("Enter");
}
const lastAnswer = () => page.getByRole("article", { name: "Burgeon" }).last();

test("the first visitor becomes the owner, and registration is closed after that", async ({ browser }) => {
  await page.goto(app.url);
  await page.waitForURL(/\/welcome/);
  await expectAccessible(page);
  await page.getByLabel("Name").fill(owner.name);
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByLabel("Password again").fill(owner.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/chat/);
  await expectAccessible(page);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${app.url}/welcome`);
  await stranger.waitForURL(/\/sign-in/);
  for (const path of ["/chat", "/modules", "/settings/models"]) {
    await stranger.goto(`${app.url}${path}`);
    await expect(stranger).toHaveURL(/\/sign-in/);
  }
  await stranger.context().close();
});

test("a wish becomes a module that waits for review, with a live card in the chat", async () => {
  await say(`Build me a module from ${first.document}`);
  const card = page.getByRole("region", { name: /Orchard/ });
  await expect(
    card.getByText("Its tests pass", { exact: false }).or(card.getByText("its tests pass", { exact: false })),
  ).toBeVisible();
  await expect(card).toContainText(new URL(first.origin).host);
  await expect(card).toContainText(/API key/i);
  await expectAccessible(page);
  await card.getByRole("link", { name: "Review" }).click();
  await page.waitForURL(/\/review\//);
});

test("the review says what it may do, shows files and tests, and approval is one exact version", async () => {
  await expect(page.getByRole("heading", { name: /Review Orchard/ })).toBeVisible();
  await expect(page.getByText(`May call ${new URL(first.origin).host}`, { exact: false })).toBeVisible();
  await expect(page.getByText("Writes nothing.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("tab", { name: /Tests/ }).click();
  await expect(page.getByRole("tabpanel")).toContainText(/trees/i);
  await page.getByRole("button", { name: "Approve and install" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Approve/ })
    .click();
  await page.waitForURL(/\/modules\/[^/]+\/[^/]+$/);
  await expect(page.getByText("Needs credentials").first()).toBeVisible();
});

test("the key goes into a form, is sealed, and the next question is answered with live values of both pages", async () => {
  await page.getByLabel(/API key/i).fill(orchardKey);
  await page.getByRole("button", { name: "Save credentials" }).click();
  await expect(page.getByText("Active").first()).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${app.url}/chat`);
  await say("List all trees of the orchard");
  await expect(lastAnswer()).toContainText("Boskoop");
  await expect(lastAnswer()).toContainText("Topaz");
  expect(first.served()).toBeGreaterThanOrEqual(2);
});

test("a second version with a new host and a new operation shows exactly that as new", async () => {
  await page.goto(`${app.url}/chat`);
  await say(`Build me a module from ${second.document}`);
  await page.getByRole("link", { name: "Review" }).click();
  await page.waitForURL(/\/review\//);
  const rights = page.getByRole("region", { name: "What it may do that the active version may not" });
  await expect(rights).toContainText(`May call ${new URL(second.origin).host}`);
  await expect(rights).toContainText("get_tree");
  await page.getByRole("button", { name: "Approve and install" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Approve/ })
    .click();
  await page.waitForURL(/\/modules\/[^/]+\/[^/]+$/);
  await page.goto(`${app.url}/chat`);
  const before = second.served();
  await say("List all trees of the orchard");
  await expect(lastAnswer()).toContainText("Topaz");
  expect(second.served()).toBeGreaterThan(before);
});

test("the version before comes back from the menu, and one click switches the module off", async () => {
  await page.goto(`${app.url}/modules`);
  await page
    .getByRole("link", { name: /Orchard/ })
    .first()
    .click();
  await page.waitForURL(/\/modules\/[^/]+\/[^/]+$/);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: /Roll back/ }).click();
  const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await page.route("**/rollback", (route) => route.abort());
  await dialog.getByRole("button", { name: /Roll back/ }).click();
  await expect(dialog.getByRole("alert")).toContainText("Burgeon did not answer");
  await page.unroute("**/rollback");
  await dialog.getByRole("button", { name: /Roll back/ }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`${app.url}/chat`);
  const before = first.served();
  await say("List all trees of the orchard");
  await expect(lastAnswer()).toContainText("Topaz");
  expect(first.served()).toBeGreaterThan(before);
  await page.goto(`${app.url}/modules`);
  await page
    .getByRole("link", { name: /Orchard/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("Disabled").first()).toBeVisible();
});

test("the key is in no page, log, event or file that was written, and the browser asked nobody but Burgeon", async () => {
  expect(await page.content()).not.toContain(orchardKey);
  const logs = join(app.dataDir, "logs");
  for (const name of readdirSync(logs)) expect(readFileSync(join(logs, name), "utf8"), name).not.toContain(orchardKey);
  expect(app.output()).not.toContain(orchardKey);
  expect(foreignRequests).toEqual([]);
});
