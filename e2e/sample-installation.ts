import { test as base, type Page } from "@playwright/test";
import { samplePerson } from "../lib/demo/sample-days";
import { type SampleAccounts, serveSampleAccounts } from "../lib/demo/sample-accounts";
import { freePort, startApp } from "./app-process";
import { createToken, type Installation, owner, signIn } from "./fixtures";

export { expect } from "@playwright/test";

export interface SampleInstallation extends Installation {
  /** The providers' fakes, in this process: the hand behind the scenes. */
  accounts: SampleAccounts;
}

/** An installation of its own beside the samples of calendar and bank, with nothing connected yet. */
export const test = base.extend<{ signedIn: Page }, { installation: SampleInstallation; ownInstallation: string }>({
  ownInstallation: ["", { option: true, scope: "worker" }],
  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern.
    async ({}, use) => {
      const accounts = await serveSampleAccounts(0);
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const app = await startApp({
        ...accounts.env,
        PORT: String(port),
        BURGEON_WEBHOOK_URL: url,
        BURGEON_OWNER_EMAIL: owner.email,
        BURGEON_OWNER_PASSWORD: owner.password,
        BURGEON_EGRESS_ALLOW: accounts.origins.map((origin) => new URL(origin).host).join(","),
      });
      try {
        await use({ app, accounts, library: "", token: await createToken(app) });
      } finally {
        await app.stop();
        await accounts.close();
      }
    },
    { scope: "worker", timeout: 300_000 },
  ],
  signedIn: async ({ page, installation }, use) => {
    await signIn(page, installation.app.url);
    await use(page);
  },
});

/** Connects the sample Google as a person does: the button, Google's page, back. */
export async function connectGoogle(page: Page, url: string, options: { isWriteWanted: boolean }): Promise<void> {
  await page.goto(`${url}/connections`);
  const card = page.getByRole("article", { name: "Google Calendar" });
  if (options.isWriteWanted) await card.getByLabel(/allow changes/i).check();
  await card.getByRole("button", { name: "Connect Google Calendar" }).click();
  await allowAtGoogle(page);
}

/** On the sample Google's own page. */
export async function allowAtGoogle(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Sample Google sign-in" }).waitFor();
  await page.getByRole("radio", { name: samplePerson.email }).check();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/connections/);
}
