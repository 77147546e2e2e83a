import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAll, generateClient } from "./build.mjs";
import { runChecks } from "./checks.mjs";
import { ensureChromium } from "./chromium.mjs";
import { cacheDirectory, root, runUnder } from "./install.mjs";
import { Problem } from "./problem.mjs";
import { createProgress, seconds } from "./progress.mjs";

const parts = ["check", "unit", "e2e"];
const bin = (name, path) => join(root, "node_modules", name, path);

/** Runs the parts in turn, all of them whatever fails, and returns the exit code. */
export async function runTests(args) {
  const only = args[0] === "--only" ? args[1] : undefined;
  if (args.length > 0 && !parts.includes(only)) throw new Problem(`Usage: npm test [-- --only ${parts.join("|")}]`);
  const rest = args.slice(2);
  const progress = createProgress();
  const startedAt = performance.now();
  const total = { passed: 0, failed: 0 };
  const add = ({ passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  await generateClient(progress);
  await buildAll({ progress, isDev: true });
  if (!only || only === "check") add(await runChecks(progress));
  if (!only || only === "unit") add(await runUnit(rest));
  if (!only || only === "e2e") add(await runBrowser(progress, rest));
  progress.say(`\nAll of it took ${seconds(performance.now() - startedAt)}.`);
  progress.say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runUnit(rest) {
  const report = reportPath("unit.json");
  const vitest = bin("vitest", "vitest.mjs");
  const code = await runUnder(
    process.execPath,
    [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...rest],
    { env: testEnv() },
  ).exitCode;
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  // A file that does not even load has no failed tests of its own.
  const broken = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const failed = numFailedTests + broken;
  return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function runBrowser(progress, rest) {
  const report = reportPath("e2e.json");
  try {
    await buildAll({ progress });
    const chromium = await ensureChromium(progress);
    const env = { ...testEnv(), BURGEON_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const playwright = bin("@playwright/test", "cli.js");
    const code = await runUnder(process.execPath, [playwright, "test", "--reporter=list,json", ...rest], { env })
      .exitCode;
    if (!existsSync(report)) return { passed: 0, failed: 1 };
    const { stats } = JSON.parse(readFileSync(report, "utf8"));
    // What passes only at the second try is not right.
    const failed = stats.unexpected + stats.flaky;
    return { passed: stats.expected, failed: code !== 0 && failed === 0 ? 1 : failed };
  } catch (cause) {
    progress.say(`✗ ${cause instanceof Problem ? cause.message : cause.stack}`);
    return { passed: 0, failed: 1 };
  }
}

/** Nothing of the person's own installation may leak into the tests. */
function testEnv() {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(BURGEON_|DATABASE_URL$|NEXTAUTH_|OPENAI_|ANTHROPIC_|GOOGLE_|PORT$|HOST$)/.test(name),
  );
  return { ...Object.fromEntries(own), NODE_ENV: "test", TZ: "UTC", CI: process.env.CI ?? "1" };
}

function reportPath(name) {
  mkdirSync(cacheDirectory, { recursive: true });
  const path = join(cacheDirectory, name);
  rmSync(path, { force: true });
  return path;
}
