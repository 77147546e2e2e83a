import { afterAll, beforeAll, expect, it } from "vitest";
import { recordTry, saveConnection } from "@/lib/db/connections";
import { requestSync } from "@/lib/db/jobs";
import { createRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { writeMetrics } from "./metrics";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it("metrics are counted: each moves when the thing does", async () => {
  const before = (await writeMetrics()).text;
  expect(before).toMatch(/^burgeon_workers 0$/m);
  expect(before).not.toMatch(/burgeon_runs\{/);
  const viewer = await testUser();
  await createRun(viewer, { message: "hello", via: "api" });
  const { id } = await saveConnection(viewer, {
    ...{ adapter: "plaid", accountKey: "a", title: "Secret Bank", isWriteAllowed: false },
  });
  await recordTry(viewer, id, { isGood: false, warning: { code: "x", message: "x" }, nextInMs: -5000 });
  await requestSync({ userId: viewer.userId, connectionId: id });
  const { text, contentType } = await writeMetrics();
  expect(contentType).toMatch(/^text\/plain/);
  expect(text).toMatch(/^burgeon_runs\{kind="chat",status="queued"\} 1$/m);
  expect(text).toMatch(/^burgeon_connections\{.*state="trouble".*\} 1$/m);
  expect(text).toMatch(/^burgeon_jobs\{queue="sync-connection",state="waiting"\} 1$/m);
  expect(Number(/^burgeon_connection_overdue_seconds (.*)$/m.exec(text)?.[1])).toBeGreaterThan(4);
  for (const own of [viewer.userId, "Secret Bank", id]) expect(text).not.toContain(own);
});
