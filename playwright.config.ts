import { defineConfig } from "@playwright/test";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser tests run against the production build; each worker starts an installation of its own. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  outputDir: "node_modules/.cache/burgeon/e2e",
  use: {
    browserName: "chromium",
    launchOptions: { args, ...(process.env.BURGEON_CHROMIUM ? { executablePath: process.env.BURGEON_CHROMIUM } : {}) },
    viewport: { width: 1280, height: 800 },
    trace: "off",
  },
});
