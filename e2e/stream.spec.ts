import { test as base, type BrowserContext, type Page } from "@playwright/test";
import { type AppProcess, startApp } from "./app-process";
import { expect, owner, signIn } from "./fixtures";
import { type ModelServer, startModelServer } from "./model-server/server";
import type { Script } from "./model-server/protocol";

/** A model that speaks the real wire protocol and says the next words when the test lets it. */
const test = base;
test.describe.configure({ mode: "serial" });

let app: AppProcess;
let model: ModelServer;
let script: Script = () => [{ say: "Nothing to say." }];
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  model = await startModelServer({ script: (request, number) => script(request, number) });
  app = await startApp({
    BURGEON_OWNER_EMAIL: owner.email,
    BURGEON_OWNER_PASSWORD: owner.password,
    BURGEON_MODEL: "openai-compatible:scripted",
    OPENAI_COMPATIBLE_BASE_URL: model.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: model.apiKey,
  });
  context = await browser.newContext();
  page = await context.newPage();
  await signIn(page, app.url);
});
test.afterAll(async () => {
  await context?.close();
  await app?.stop();
  await model?.close();
});

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: () => resolve() };
}
async function say(on: Page, text: string): Promise<void> {
  const box = on.getByRole("textbox", { name: "Message" });
  await box.fill(text);
  await box.press("Enter");
}
const answer = (on: Page) => on.getByRole("article", { name: "Burgeon" }).last();

test("a reload in the middle shows the same text and goes on; a second tab sees the same", async () => {
  const rest = gate();
  script = () => [{ say: "The first half is here " }, { wait: rest.promise }, { say: "and the second half too." }];
  await page.goto(`${app.url}/chat`);
  await say(page, "Tell me a story");
  await expect(answer(page)).toContainText("The first half is here");
  await page.waitForURL(/\/chat\/conv_/);
  await page.reload();
  await expect(answer(page)).toContainText("The first half is here");
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(answer(other)).toContainText("The first half is here");
  rest.open();
  for (const tab of [page, other])
    await expect(answer(tab)).toContainText("The first half is here and the second half too.");
  await other.close();
  expect(model.requests.length).toBe(1);
});

test("Stop works from another tab and keeps what was said", async () => {
  const never = gate();
  script = () => [{ say: "These words stay " }, { wait: never.promise }, { say: "these never come" }];
  await page.goto(`${app.url}/chat`);
  await say(page, "Tell me more");
  await expect(answer(page)).toContainText("These words stay");
  await page.waitForURL(/\/chat\/conv_/);
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Stop" }).click();
  for (const tab of [page, other]) {
    await expect(answer(tab)).toContainText("These words stay");
    await expect(tab.getByText(/stopped/i).first()).toBeVisible();
  }
  never.open();
  await other.close();
  await page.reload();
  await expect(answer(page)).toContainText("These words stay");
  await expect(page.getByText("these never come")).toHaveCount(0);
});

test("a worker killed in the middle of the stream is replaced, and there is one final answer", async () => {
  const hang = gate();
  let calls = 0;
  script = () => {
    calls += 1;
    return calls === 1
      ? [{ say: "A half that will be lost " }, { wait: hang.promise }]
      : [{ say: "The whole answer." }];
  };
  await page.goto(`${app.url}/chat`);
  await say(page, "Survive this");
  await expect(answer(page)).toContainText("A half that will be lost");
  for (const pid of await app.processIds("worker.mjs")) process.kill(pid, "SIGKILL");
  await expect(answer(page)).toContainText("The whole answer.", { timeout: 30_000 });
  await expect(answer(page)).not.toContainText("A half that will be lost");
  hang.open();
});

test("the loop calls tools over the wire and answers from their results", async () => {
  script = (request) => {
    const last = request.messages.at(-1);
    return last?.role === "tool"
      ? [{ say: `It is ${/"result":"?(\d+)/.exec(String(last.content))?.[1]}.` }]
      : [{ call: { name: "math_solver", arguments: { expression: "6*7" } } }];
  };
  await page.goto(`${app.url}/chat`);
  await say(page, "What is six times seven?");
  await expect(answer(page)).toContainText("It is 42.");
});

test("a wrong key is a sentence about what to do, and never shows the key", async () => {
  script = () => [{ status: 401, message: `Incorrect API key provided: ${model.apiKey}` }];
  await page.goto(`${app.url}/chat`);
  await say(page, "Hello?");
  await expect(page.getByText(/refused the key/).first()).toBeVisible();
  expect(await page.content()).not.toContain(model.apiKey);
});

test("Settings › Models tests a choice with a real call and never shows a key again", async () => {
  script = () => [{ say: "Hello from the scripted model." }];
  await page.goto(`${app.url}/settings/models`);
  await page.getByRole("button", { name: "Test" }).first().click();
  await expect(page.getByText(/Hello from the scripted model/).first()).toBeVisible();
  expect(await page.content()).not.toContain(model.apiKey);
});

test("what is typed while the first message is on its way stands on the conversation's own page", async () => {
  script = () => [{ say: "Nothing to say." }];
  const box = page.getByRole("textbox", { name: "Message" });
  const isOnItsWay = gate();
  await page.route("**/api/runs", async (route) => {
    await isOnItsWay.promise;
    await route.continue();
  });
  await page.goto(`${app.url}/chat`);
  await say(page, "First of all");
  await box.pressSequentially("and then ");
  isOnItsWay.open();
  await box.pressSequentially("one thing more, typed on and on", { delay: 30 });
  await page.waitForURL(/\/chat\/conv_/);
  await expect(box).toHaveValue("and then one thing more, typed on and on");
  await page.unroute("**/api/runs");
  await page.goto(`${app.url}/chat`);
  await expect(box).toHaveValue("");
});

test("a price of cents is kept as it was typed, and a wrong one says so and sends nothing", async () => {
  await page.goto(`${app.url}/settings/models`);
  const price = page.getByLabel("$ per million tokens in").first();
  const save = page.getByRole("button", { name: "Save" }).first();
  await page.getByText("Window and price").first().click();
  await price.pressSequentially("5 cents");
  await save.click();
  await expect(page.getByText("Write dollars as a number with a point")).toBeVisible();
  await expect(price).toHaveValue("5 cents");
  await price.fill("");
  await price.pressSequentially("0.05");
  const isSaved = page.waitForResponse((response) => response.url().endsWith("/api/settings/models"));
  await save.click();
  expect((await isSaved).status()).toBe(200);
  await page.reload();
  await expect(price).toHaveValue("0.05");
});
