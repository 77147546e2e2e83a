import type { Page } from "@playwright/test";
import { callApi, expect, expectAccessible, test } from "./fixtures";

const answers = (page: Page) => page.getByRole("article", { name: "Burgeon" });
const questions = (page: Page) => page.getByRole("article", { name: "You" });
const editor = (page: Page) => page.getByRole("textbox", { name: "Edit your question" });

async function ask(page: Page, question: string, place: number): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(question);
  await page.keyboard.press("Enter");
  await expect(answers(page).nth(place).getByRole("button", { name: "Regenerate" })).toBeVisible();
}

test("an edited question becomes another version, and both stay with all that followed them", async ({
  signedIn: page,
  installation,
}) => {
  await page.goto(`${installation.app.url}/chat`);
  await ask(page, "What is 6*7?", 0);
  await page.waitForURL(/\/chat\/conv_/);
  await ask(page, "What is 2+3?", 1);

  const box = page.getByRole("textbox", { name: "Message" });
  await box.focus();
  await page.keyboard.press("ArrowUp");
  await expect(editor(page)).toHaveValue("What is 2+3?");
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(editor(page)).toHaveCount(0);
  await expect(box).toBeFocused();

  await questions(page).first().hover();
  await questions(page).first().getByRole("button", { name: "Edit" }).click();
  await editor(page).fill("What is 6*8?");
  await page.keyboard.press("Enter");
  await expect(answers(page)).toHaveCount(1);
  await expect(answers(page).first()).toContainText("48");
  await expect(answers(page).first().getByRole("button", { name: "Regenerate" })).toBeVisible();

  const stored = page.waitForResponse((response) => response.url().endsWith("/branches"));
  const back = page.getByRole("button", { name: "Previous version" });
  await back.focus();
  await page.keyboard.press("Enter");
  await expect(answers(page)).toHaveCount(2);
  await expect(back).toBeFocused();
  expect((await stored).status()).toBe(200);
  await page.reload();
  await expect(answers(page)).toHaveCount(2);
  await expect(questions(page).first()).toContainText("What is 6*7?");

  await page.setViewportSize({ width: 375, height: 740 });
  await questions(page).first().getByRole("button", { name: "Edit" }).click();
  await expectAccessible(page);
  const isWider = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isWider).toBe(false);
});

test("an answer is made again, goes on from a step in another way, and becomes a conversation of its own", async ({
  signedIn: page,
  installation,
}) => {
  await page.goto(`${installation.app.url}/chat`);
  await ask(page, "What is 9*9?", 0);
  await page.waitForURL(/\/chat\/conv_/);
  const conversation = page.url();
  const answer = answers(page).first();
  await answer.getByRole("button", { name: "Regenerate" }).click();
  await expect(questions(page).first()).toContainText("Version 2 of 2");
  await expect(answer.getByRole("button", { name: "Regenerate" })).toBeVisible();

  await answer.getByRole("button", { name: "More for this answer" }).click();
  await page.getByRole("menuitem", { name: /^Step 1/ }).click();
  await expect(answer).toContainText("Forked from step 1 of an earlier answer");
  await expect(answer.getByRole("button", { name: "Regenerate" })).toBeVisible();
  await expect(answer).toContainText("81");

  await answer.getByRole("button", { name: "More for this answer" }).click();
  await page.getByRole("menuitem", { name: "Branch from here" }).click();
  await page.waitForURL((url) => url.href !== conversation);
  await expect(answer).toContainText("81");
  await expect(answer).not.toContainText("Forked from");
  await expect(page).toHaveTitle(/\(branch\)/);
});

test("a program can ask again, fork, choose and branch, and is told plainly what cannot be", async ({
  installation,
}) => {
  const start = (body: object) =>
    callApi<{ runId: string; conversationId: string }>(installation, "POST", "/api/runs", body);
  const first = (await start({ message: "What is 7*7?" })).body;
  const done = async (runId: string) =>
    expect
      .poll(async () => (await callApi<{ status: string }>(installation, "GET", `/api/runs/${runId}`)).body.status)
      .toBe("done");
  await done(first.runId);
  const path = `/api/conversations/${first.conversationId}`;
  const fork = await start({ fork: { runId: first.runId, step: 1 } });
  expect(fork.status).toBe(202);
  await done(fork.body.runId);
  expect((await start({ fork: { runId: first.runId, step: 9 } })).status).toBe(409);
  expect((await start({ message: "x", regenerate: first.runId })).status).toBe(400);
  const chosen = await callApi<{ seq: number }>(installation, "POST", `${path}/branches`, { runId: first.runId });
  expect(chosen.status).toBe(200);
  const branched = await callApi(installation, "POST", `${path}/branch`, { runId: fork.body.runId });
  expect(branched).toMatchObject({ status: 201, body: { conversationId: expect.stringMatching(/^conv_/) } });
  for (const name of ["branches", "branch"])
    expect((await callApi(installation, "POST", `${path}/${name}`, { runId: "run_unknown" })).status).toBe(404);
});
