import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Problem } from "./problem.mjs";

const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium for the browser tests: named, Playwright's own, the system's, or installed now where that is possible. */
export async function ensureChromium(progress) {
  const found = await findChromium();
  if (found) return found;
  const isDebianRoot = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (isDebianRoot) await progress.step("install Chromium", installFromDebian);
  const installed = await findChromium();
  if (installed) return installed;
  throw new Problem(
    "The browser tests need Chromium: run `npx playwright install chromium`, or `apt-get install chromium`, or set BURGEON_CHROMIUM to its path.",
  );
}

async function findChromium() {
  if (process.env.BURGEON_CHROMIUM) return process.env.BURGEON_CHROMIUM;
  const { chromium } = await import("@playwright/test");
  return [chromium.executablePath(), ...systemPaths].find((path) => existsSync(path));
}

function installFromDebian() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
    if (status !== 0) throw new Problem(`apt-get ${args[0]} failed: ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  }
}
