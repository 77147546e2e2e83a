import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { getBudget } from "@/lib/db/budget";
import { pool } from "@/lib/db/client";
import { saveConnection } from "@/lib/db/connections";
import { listConversations } from "@/lib/db/conversations";
import { saveVersion } from "@/lib/db/modules";
import { getRunView } from "@/lib/db/run-view";
import { createRun } from "@/lib/db/runs";
import { testUser } from "@/lib/db/testing";
import { startTestServer, type TestServer } from "@/lib/egress/testing";
import { readHealth } from "@/lib/http/health";
import { logger } from "@/lib/logger";
import { resolveModel } from "@/lib/models/resolve";
import { getModelSettings, removeProviderKey, setProviderKey } from "@/lib/models/settings";
import { checkModule } from "@/lib/module-host/check";
import { approve, setCredentials } from "@/lib/module-host/decide";
import { sampleModule } from "@/lib/module-host/testing";
import { findModule, listModules } from "@/lib/module-host/views";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { listTools } from "@/lib/tools/registry";
import { type RunningWorker, startWorker } from "@/lib/worker/start-worker";
import { rotateNow } from "./testing-rotate";
import { setUpInstallation } from "./testing-vault";
import { seal, sealer } from "./vault";

const planted = {
  module: "planted-module-key-7788",
  model: "sk-planted-model-key-7788",
  token: "planted-token-7788-ÿ€",
};
const at = ["gaming", "test-game"] as const;
const installation = setUpInstallation();
let service: TestServer;
let worker: RunningWorker;
let viewer: Viewer;

beforeAll(async () => {
  logger.level = "silent";
  service = await startTestServer((request, response) => {
    const isAllowed = request.headers["x-game-key"] === planted.module;
    // A service that says back what it was sent.
    response.writeHead(isAllowed ? 200 : 401, { "content-type": "application/json", "x-echo": planted.module });
    response.end(JSON.stringify([{ player: `ada ${request.headers["x-game-key"]}`, points: 42 }]));
  });
  process.env.BURGEON_EGRESS_ALLOW = service.host;
  viewer = await testUser();
  const files = sampleModule({ baseUrl: service.origin });
  const { digest, manifest, report } = await checkModule(files);
  if (!manifest) throw new Error("no manifest");
  await saveVersion(viewer, { digest, files, manifest, report, origin: "built" });
  await approve(viewer, ...at, digest);
  await setCredentials(viewer, ...at, { game_key: planted.module });
  await setProviderKey(viewer, "openai", planted.model);
  const sealNow = await sealer(viewer);
  await saveConnection(viewer, {
    ...{ adapter: "google-calendar", accountKey: "a", title: "a", isWriteAllowed: false },
    seal: (id) => sealNow(`connection:${id}`, "tokens", planted.token),
  });
  const none = { executeBuild: () => Promise.reject(new Error("no builds here")), findBuildOutcome: async () => null };
  worker = await startWorker(
    { resolveModel, listTools, getBudget, getTimeZone: async () => "UTC", ...none, scan: async () => undefined },
    2,
  );
}, 60_000);
afterAll(async () => {
  delete process.env.BURGEON_EGRESS_ALLOW;
  await worker.stop();
  await Promise.all([closeSandbox(), closeTypeChecker(), service.close()]);
});

/** The built-in planner's answer. */
async function ask(message: string, conversationId?: string) {
  const { runId, conversationId: place } = await createRun(viewer, { message, conversationId, via: "api" });
  await vi.waitFor(async () => expect(["done", "failed"]).toContain((await getRunView(viewer, runId)).status), {
    timeout: 15_000,
  });
  return { ...(await getRunView(viewer, runId)), conversationId: place };
}

const secretRows = async () => (await pool().query(`select * from "Secret" order by id`)).rows;

/** Every row of every table as text; bytes in it as the text, the hex and the base64 that they are. */
async function dump(): Promise<string> {
  const { rows } = await pool().query<{ name: string }>(
    `select table_schema || '."' || table_name || '"' as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await pool().query<{ row: Record<string, unknown>; text: string }>(
        `select to_jsonb(t) as row, t::text as text from ${name} t`,
      );
      return found.rows.map(({ row, text }) => `${name} ${text} ${JSON.stringify(row)} ${bytesIn(row)}`).join("\n");
    }),
  );
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining([`public."Secret"`, `public."AuditEntry"`]));
  return texts.join("\n");
}

/** What stands in a column of bytes, read as text. */
function bytesIn(row: Record<string, unknown>): string {
  return Object.values(row)
    .filter((value) => typeof value === "string" && value.startsWith("\\x"))
    .map((value) => Buffer.from(String(value).slice(2), "hex").toString("latin1"))
    .join(" ");
}

/** A text in all the ways in which it might stand somewhere. Base64 depends on where it begins in what was encoded. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const based = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // Its ends hold bits of what stands beside it.
    const middle = encoded.slice(4, Math.floor((shift + bytes.length) / 3) * 4 - 1);
    return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [text, bytes.toString("latin1"), bytes.toString("hex"), encodeURIComponent(text), ...based];
}

async function expectNoSecret(): Promise<void> {
  const everything = await dump();
  const keys = installation.keys();
  const secrets = [
    ...Object.values(planted),
    ...keys,
    ...keys.map((key) => Buffer.from(key, "base64").toString("latin1")),
  ];
  for (const form of secrets.flatMap(formsOf)) expect(everything.includes(form), form).toBe(false);
}

describe("a planted secret", () => {
  it("is in no row of any table, after it was used, echoed by the service, and rotated", async () => {
    const used = await ask("What are the scores in the test game?");
    expect(used).toMatchObject({ status: "done", answer: expect.stringContaining("42") });
    await expectNoSecret();
    await rotateNow();
    await expectNoSecret();
  }, 60_000);

  it("would be found in plain text, hex and base64 wherever it stood", async () => {
    for (const value of ["planted-token-7788-ÿ€", `x${Buffer.from(`pad ${planted.token} pad`).toString("base64")}`]) {
      await pool().query(
        `insert into "Setting" ("userId", key, value, "updatedAt") values ($1, 'leak', $2::jsonb, now())`,
        [viewer.userId, JSON.stringify({ value })],
      );
      await expect(expectNoSecret()).rejects.toThrow();
      await pool().query(`delete from "Setting" where key = 'leak'`);
    }
    await pool().query(
      `insert into "Secret" (id, "userId", scope, name, sealed, "keyId", "updatedAt") values ('leak', $1, 's', 'n', $2, 'k', now())`,
      [viewer.userId, Buffer.from(`\0${planted.model}\0`)],
    );
    await expect(expectNoSecret()).rejects.toThrow();
    await pool().query(`delete from "Secret" where id = 'leak'`);
    await expectNoSecret();
  });
});

describe("with a wrong master key", () => {
  it("chat, history and pages work, what needs a secret says why, and nothing is overwritten", async () => {
    const before = await ask("What is 6 * 7?");
    const rows = await secretRows();
    const right = installation.keys();
    installation.resetKey();
    expect(await ask("What is 12 * 12?", before.conversationId)).toMatchObject({
      status: "done",
      answer: expect.stringContaining("144"),
    });
    expect(await listConversations(viewer, { limit: 10 })).not.toHaveLength(0);
    expect((await getModelSettings(viewer)).providers).toContainEqual(
      expect.objectContaining({ provider: "openai", keySource: "settings" }),
    );
    expect(await listModules(viewer)).toMatchObject([{ state: "active" }]);
    expect(await findModule(viewer, ...at)).toMatchObject({ credentials: [{ name: "game_key", isSet: true }] });

    const needy = await ask("What are the scores in the test game?");
    expect(JSON.stringify(needy)).toContain("The vault is locked");
    const locked = { code: "unavailable", message: expect.stringContaining("locked") };
    await expect(setProviderKey(viewer, "anthropic", "sk-other")).rejects.toMatchObject(locked);
    await expect(setCredentials(viewer, ...at, { game_key: "other" })).rejects.toMatchObject(locked);
    await expect(seal(await testUser("member"), "model:openai", "key", "x")).rejects.toMatchObject(locked);
    await expect(rotateNow()).rejects.toMatchObject(locked);
    expect(await secretRows()).toEqual(rows);

    const { ready, checks } = await readHealth();
    expect([ready, checks.find(({ name }) => name === "vault")]).toEqual([
      true,
      { name: "vault", ok: false, message: expect.stringContaining("locked") },
    ]);

    // Back with the right key all is as it was; and what nobody can open can be thrown away before that.
    await removeProviderKey(viewer, "openai");
    writeFileSync(installation.keyFile, `${right.join("\n")}\n`);
    expect((await ask("What are the scores in the test game?")).answer).toContain("42");
  }, 60_000);
});
