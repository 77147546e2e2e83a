import { expect, expectAccessible, signIn, test } from "./fixtures";

const pages = [
  "/chat",
  "/modules",
  "/modules/new",
  "/modules/weather/open-meteo",
  "/approvals",
  "/activity",
  "/today",
  "/money",
  "/money/import",
  "/money/transactions",
  "/calendar",
  "/connections",
  "/settings/places",
  "/settings/limits",
  "/settings/models",
  "/settings/tokens",
];
const sizes = [
  { width: 1280, height: 800 },
  { width: 375, height: 740 },
];

for (const colorScheme of ["light", "dark"] as const)
  for (const viewport of sizes)
    test(`every page at ${viewport.width} px, ${colorScheme}: nothing serious for axe, nothing wider than the screen, no error in the console`, async ({
      browser,
      installation,
    }, testInfo) => {
      // All pages, each read by axe: a slow machine needs more than a minute.
      test.setTimeout(240_000);
      const context = await browser.newContext({ colorScheme, viewport });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto(`${installation.app.url}/sign-in`);
      await expectAccessible(page);
      await signIn(page, installation.app.url);
      for (const path of pages) {
        await page.goto(`${installation.app.url}${path}`);
        await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
        await expectAccessible(page);
        const isWider = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        expect(isWider, `${path} is wider than the screen`).toBe(false);
        // For whoever wants to look: the folder of the test keeps one picture of each page.
        await page.screenshot({ path: testInfo.outputPath(`${path.slice(1).replaceAll("/", "-")}.png`) });
      }
      expect(problems).toEqual([]);
      await context.close();
    });

test("a wrong password says so, and the same words answer an unknown address", async ({ page, installation }) => {
  const words: string[] = [];
  for (const email of ["ada@example.org", "nobody@example.org"]) {
    await page.goto(`${installation.app.url}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    words.push(((await page.getByRole("main").getByRole("alert").textContent()) ?? "").trim());
  }
  expect(words[0]).toBe(words[1]);
  expect(words[0]).toMatch(/wrong/i);
});

test("everything in the chat works by keyboard: send, new line, edit, palette, help, stop listening", async ({
  signedIn: page,
  installation,
}) => {
  await page.goto(`${installation.app.url}/chat`);
  const box = page.getByRole("textbox", { name: "Message" });
  await box.focus();
  await page.keyboard.type("What is");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("6*7?");
  await expect(box).toHaveValue("What is\n6*7?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "Burgeon" }).last()).toContainText("42");
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("textbox", { name: "Edit your question" })).toHaveValue(/6\*7/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Edit your question" })).toBeHidden();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type("tokens");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/settings\/tokens/);
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog")).toContainText(/keyboard|keys/i);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("a token is made and revoked in the browser, and works in between", async ({ signedIn: page, installation }) => {
  await page.goto(`${installation.app.url}/settings/tokens`);
  await page.getByLabel("Name").fill("from the browser");
  await page.getByRole("button", { name: "Create token" }).click();
  const shown = page.getByText(/^bgn_[A-Za-z0-9_-]{43}$/);
  const token = ((await shown.textContent()) ?? "").trim();
  const call = () =>
    fetch(`${installation.app.url}/api/conversations`, { headers: { authorization: `Bearer ${token}` } }).then(
      (response) => response.status,
    );
  expect(await call()).toBe(200);
  await page.reload();
  await expect(page.getByText(token)).toHaveCount(0);
  const row = page
    .getByRole("listitem")
    .filter({ hasText: "from the browser" })
    .or(page.getByRole("row").filter({ hasText: "from the browser" }));
  await row
    .first()
    .getByRole("button", { name: /Revoke/ })
    .click();
  await expect.poll(call).toBe(401);
});

test("a key pasted into the chat is masked before it is stored", async ({ signedIn: page, installation }) => {
  const key = `sk-${"a1B2c3D4e5".repeat(4)}`;
  await page.goto(`${installation.app.url}/chat`);
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill(`My API key is ${key}, please use it`);
  await box.press("Enter");
  await expect(page.getByText("[masked key]").first()).toBeVisible();
  await page.reload();
  await expect(page.getByText("[masked key]").first()).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
});
