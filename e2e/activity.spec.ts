import type { Budget, RunListItem, RunView } from "../lib/contracts/run";
import { callApi, expect, expectAccessible, type Installation, test } from "./fixtures";

/** Every decision can be seen afterwards: the list of runs, one run step by step, and the limits. */
test.describe.configure({ mode: "serial" });

async function ask(at: Installation, message: string): Promise<RunView> {
  const { body } = await callApi<{ runId: string }>(at, "POST", "/api/runs", { message });
  const read = () => callApi<RunView>(at, "GET", `/api/runs/${body.runId}`);
  await expect.poll(async () => (await read()).body.finishedAt).not.toBeNull();
  return (await read()).body;
}

test("runs are listed with what they took, filtered in the address, and moved through by keys", async ({
  signedIn: page,
  installation,
}) => {
  const first = await ask(installation, "What is 6*7?");
  const second = await ask(installation, "What is 19-4?");
  await page.goto(`${installation.app.url}/activity`);
  const rows = page.getByRole("list", { name: "Runs" }).getByRole("listitem");
  await expect(rows.first()).toContainText("What is 19-4?");
  await expect(rows.first()).toContainText(/Done.*2 steps.*1 tool.*tokens/s);
  await expectAccessible(page);

  await page.getByText("Show as table").click();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("meter", { name: "Tokens today" })).toBeAttached();

  await page.getByRole("link", { name: "Failed" }).click();
  await page.waitForURL(/status=failed/);
  await expect(page.getByRole("heading", { name: "No run matches" })).toBeVisible();
  await page.getByRole("link", { name: "Show all runs" }).click();

  await expect(rows.first()).toBeVisible();
  await page.keyboard.press("j");
  await expect(rows.first().getByRole("link")).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/activity/${first.runId}`);
  await expect(page.getByRole("heading", { name: "What is 6*7?" })).toBeVisible();

  const paged = await callApi<{ runs: RunListItem[] }>(installation, "GET", `/api/runs?before=${second.runId}&limit=1`);
  expect(paged.body.runs.map((run) => run.runId)).toEqual([first.runId]);
  expect((await callApi(installation, "GET", "/api/runs?status=broken")).status).toBe(400);
});

test("a run tells its steps, shows how it stood after each, and has its log beneath", async ({
  signedIn: page,
  installation,
}) => {
  const run = await ask(installation, "What is 12*12?");
  await page.goto(`${installation.app.url}/activity/${run.runId}`);
  const timeline = page.getByRole("tabpanel", { name: "Timeline" });
  await expect(timeline).toContainText("You asked");
  await expect(timeline).toContainText("Step 1: Built-in planner");
  await expect(timeline).toContainText("math_solver");
  await expectAccessible(page);

  await page.getByRole("tab", { name: "Step by step" }).click();
  const replay = page.getByRole("tabpanel", { name: "Step by step" });
  await expect(replay).toContainText("After step 2 of 2");
  await expect(replay).toContainText("144");
  await replay.getByRole("button", { name: "The step before" }).click();
  await expect(replay).toContainText("After step 1 of 2");
  await expect(replay.getByRole("slider")).toHaveValue("0");
  await expectAccessible(page);

  await page.getByRole("tab", { name: "Log" }).click();
  const log = page.getByRole("tabpanel", { name: "Log" });
  await expect(log.getByRole("row").filter({ hasText: "run-finished" })).toBeVisible();
  await expect(log.getByRole("row").filter({ hasText: "step-finished" })).toHaveCount(2);
  await expectAccessible(page);
});

test("a run can be gone on with from one of its steps", async ({ signedIn: page, installation }) => {
  const run = await ask(installation, "What is 8*9?");
  await page.goto(`${installation.app.url}/activity/${run.runId}`);
  await page.getByRole("tab", { name: "Step by step" }).click();
  await page.getByRole("button", { name: "The step before" }).click();
  await page.getByRole("button", { name: "Fork from step 1" }).click();
  await page.waitForURL(/\/chat\//);
  await expect(page.getByRole("article", { name: "Burgeon" }).last()).toContainText("72");
});

test("a run that does not exist answers like one of somebody else", async ({ signedIn: page, installation }) => {
  const response = await page.goto(`${installation.app.url}/activity/run_nothing`);
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

test("limits are checked in their fields, saved, hold for the next run, and go back to the defaults", async ({
  signedIn: page,
  installation,
}) => {
  await page.goto(`${installation.app.url}/settings/limits`);
  const steps = page.getByRole("group", { name: "One run" }).getByLabel("Steps");
  await steps.fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(steps).toBeFocused();
  await expect(steps).toHaveAccessibleDescription("At least 1.");
  await expectAccessible(page);

  await steps.fill("1");
  await page.getByRole("group", { name: "One run" }).getByLabel("Dollars").fill("0.5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const saved = await callApi<Budget>(installation, "GET", "/api/settings/budget");
  expect(saved.body.run).toMatchObject({ steps: 1, costMicros: 500_000 });

  expect((await ask(installation, "What is 3*3?")).status).toBe("budget_exhausted");
  await page.goto(`${installation.app.url}/activity?status=budget_exhausted`);
  await expect(page.getByRole("list", { name: "Runs" })).toContainText("Over a limit");

  await page.goto(`${installation.app.url}/settings/limits`);
  await page.getByRole("button", { name: "Back to defaults" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(steps).toHaveValue("24");
  const tooMuch = { ...saved.body, day: { ...saved.body.day, runs: 0 } };
  expect((await callApi(installation, "PUT", "/api/settings/budget", tooMuch)).status).toBe(400);
});
