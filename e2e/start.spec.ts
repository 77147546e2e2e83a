import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@playwright/test";
import { freePort, startApp } from "./app-process";
import { expect, owner } from "./fixtures";

const root = join(import.meta.dirname, "..");
const everything = ["start.mjs", "supervisor.mjs", "next", "worker.mjs", "postgres"];
const ownerEnv = { BURGEON_OWNER_EMAIL: owner.email, BURGEON_OWNER_PASSWORD: owner.password };

/** Starts and waits for the end, for starts that cannot succeed. */
async function startInVain(env: Record<string, string>): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exitCode = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { exitCode, output };
}

async function alive(app: { processIds(text: string): Promise<number[]> }): Promise<number> {
  return (await Promise.all(everything.map((name) => app.processIds(name)))).flat().length;
}

test.describe.configure({ mode: "serial" });
test.setTimeout(180_000);

test("starts, stops without leaving a process, and starts again on what it left", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "burgeon-e2e-"));
  try {
    const first = await startApp(ownerEnv, { dataDir });
    expect(await alive(first)).toBeGreaterThan(3);
    const made = await first.burgeon("token", "create", "--scopes", "chat", "--json");
    const { token } = JSON.parse(made.stdout) as { token: string };
    expect(await first.stop()).toBe(0);
    expect(await alive(first)).toBe(0);
    expect(existsSync(join(dataDir, "running.json"))).toBe(false);
    const second = await startApp({}, { dataDir });
    const response = await fetch(`${second.url}/api/conversations`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(second.output()).not.toContain("build the web");
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("after kill -9 of everything's parent nothing stays behind and the next start works", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "burgeon-e2e-"));
  try {
    const app = await startApp(ownerEnv, { dataDir });
    for (const name of ["scripts/start.mjs", "supervisor.mjs"])
      for (const pid of await app.processIds(name)) process.kill(pid, "SIGKILL");
    await expect.poll(() => alive(app), { timeout: 30_000 }).toBe(0);
    const again = await startApp({}, { dataDir });
    expect((await fetch(`${again.url}/api/health/ready`)).status).toBe(200);
    await again.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("kill -9 of web, worker or PostgreSQL is mended while it runs", async () => {
  const app = await startApp(ownerEnv);
  try {
    for (const name of ["worker.mjs", "next", "postgres"]) {
      const before = await app.processIds(name);
      expect(before.length).toBeGreaterThan(0);
      const eldest = Math.min(...before);
      process.kill(eldest, "SIGKILL");
      await expect
        .poll(
          async () => {
            const now = await app.processIds(name);
            const isNew = now.length > 0 && !now.includes(eldest);
            const health = await fetch(`${app.url}/api/health/ready`).then(
              (response) => response.status,
              () => 0,
            );
            return isNew && health === 200;
          },
          { timeout: 60_000 },
        )
        .toBe(true);
    }
  } finally {
    await app.stop();
  }
});

test("a taken port, a wrong database and a wrong option are one sentence and an exit code", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "burgeon-e2e-"));
  const port = await freePort();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, "127.0.0.1", resolve));
  try {
    const base = { BURGEON_DATA_DIR: dataDir, HOST: "127.0.0.1" };
    const taken = await startInVain({ ...base, PORT: String(port) });
    expect([taken.exitCode, taken.output]).toEqual([
      1,
      expect.stringMatching(new RegExp(`✗ Port ${port} on 127\\.0\\.0\\.1 is taken`)),
    ]);
    const free = String(await freePort());
    const wrong = await startInVain({
      ...base,
      PORT: free,
      DATABASE_URL: `postgresql://burgeon:very-secret@127.0.0.1:${await freePort()}/burgeon`,
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.output).toMatch(
      /✗ The database of DATABASE_URL \(127\.0\.0\.1:\d+\/burgeon\) cannot be used: nobody listens there\./,
    );
    expect(wrong.output).not.toContain("very-secret");
    const odd = await startInVain({ ...base, PORT: "http" });
    expect([odd.exitCode, odd.output]).toEqual([1, expect.stringContaining("PORT must be a number")]);
    for (const { output } of [taken, wrong, odd]) expect(output).not.toMatch(/\n\s+at /);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
});
