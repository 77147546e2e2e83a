import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { createLibraryService } from "../lib/demo/library-service";
import { serveSample } from "../lib/demo/serve";
import { type AppProcess, startApp } from "./app-process";

export const owner = { name: "Ada Example", email: "ada@example.org", password: "correct-horse-battery" };

export interface Installation {
  app: AppProcess;
  /** Origin of the sample library, which the installation may reach on loopback. */
  library: string;
  /** A token with every right, made by the `burgeon` command. */
  token: string;
}

interface ApiReply<T> {
  status: number;
  body: T;
}

/** Calls the HTTP API with the token, as another program would. */
export async function callApi<T>(
  at: Installation,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiReply<T>> {
  const response = await fetch(`${at.app.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${at.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

/** One installation per Playwright worker, with an owner and the sample library beside it. */
export const test = base.extend<{ signedIn: Page }, { installation: Installation; ownInstallation: string }>({
  /** A spec that names one has an installation for itself: what it builds and decides is in nobody's way. */
  ownInstallation: ["", { option: true, scope: "worker" }],
  installation: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern.
    async ({}, use) => {
      const library = await serveSample(createLibraryService(), 0);
      const app = await startApp({
        BURGEON_OWNER_EMAIL: owner.email,
        BURGEON_OWNER_PASSWORD: owner.password,
        BURGEON_EGRESS_ALLOW: new URL(library.origin).host,
      });
      try {
        await use({ app, library: library.origin, token: await createToken(app) });
      } finally {
        await app.stop();
        await library.close();
      }
    },
    { scope: "worker", timeout: 300_000 },
  ],
  signedIn: async ({ page, installation }, use) => {
    await signIn(page, installation.app.url);
    await use(page);
  },
});

export { expect };

/** With every right but MCP's. */
export async function createToken(app: AppProcess): Promise<string> {
  const scopes =
    "chat,modules:read,modules:write,modules:approve,approvals,settings,data:read,data:write,connections,metrics";
  const made = await app.burgeon("token", "create", "--scopes", scopes, "--json");
  if (made.exitCode !== 0) throw new Error(`token create failed: ${made.stderr}`);
  return (JSON.parse(made.stdout) as { token: string }).token;
}

export async function signIn(
  page: Page,
  url: string,
  person: { email: string; password: string } = owner,
): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/chat/);
}

/** Fails on any accessibility violation that axe calls serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((violation) => violation.impact === "serious" || violation.impact === "critical");
  expect(
    serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`),
  ).toEqual([]);
}
