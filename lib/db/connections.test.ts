import { afterAll, beforeAll, expect, it } from "vitest";
import { asSystem } from "@/lib/contracts/viewer";
import { adjustConnection, listConnectionRows, listDueConnections, recordTry, saveConnection } from "./connections";
import { withLock } from "./lock";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it("a connection is due when its time has come, while nobody is at it and its sign-in is good", async () => {
  const viewer = await testUser();
  const { id } = await saveConnection(viewer, {
    ...{ adapter: "plaid", accountKey: "a", title: "A", isWriteAllowed: false },
  });
  const due = async () => (await listDueConnections(asSystem("test"), 10)).map((row) => row.id);
  expect(await due()).toEqual([id]);
  await withLock("connection-sync", id, { wait: false }, async () => {
    expect(await due()).toEqual([]);
    expect(await listConnectionRows(viewer)).toMatchObject([{ isSyncing: true }]);
    expect(await withLock("connection-sync", id, { wait: false }, async () => "second")).toBeNull();
  });
  expect(await due()).toEqual([id]);
  expect(await listConnectionRows(viewer)).toMatchObject([{ isSyncing: false }]);
  await adjustConnection(viewer, id, { state: "needs_reauth" });
  expect(await due()).toEqual([]);
});

it("what was skipped is of the last try that read anything", async () => {
  const viewer = await testUser();
  const { id } = await saveConnection(viewer, {
    ...{ adapter: "plaid", accountKey: "a", title: "A", isWriteAllowed: false },
  });
  const skipped = { count: 3, reasons: ["no currency"] };
  const kept = async () => (await listConnectionRows(viewer))[0]?.skipped;
  const good = { isGood: true, warning: null, nextInMs: 1000 };
  expect(await kept()).toBeNull();
  await recordTry(viewer, id, { ...good, skipped });
  expect(await kept()).toEqual(skipped);
  await recordTry(viewer, id, { ...good, isGood: false, warning: { code: "unavailable", message: "Away." } });
  expect(await kept()).toEqual(skipped);
  await recordTry(viewer, id, { ...good, skipped: null });
  expect(await kept()).toBeNull();
});

it("a connection stays due after a try when somebody made it due meanwhile, whatever came of the try", async () => {
  const viewer = await testUser();
  const { id } = await saveConnection(viewer, {
    ...{ adapter: "plaid", accountKey: "b", title: "B", isWriteAllowed: false },
  });
  const begin = async () => (await listConnectionRows(viewer))[0]?.nextAt ?? null;
  const good = { isGood: true, warning: null, nextInMs: 3_600_000 };
  expect(await recordTry(viewer, id, { ...good, dueAt: await begin() })).toBe(false);
  for (const outcome of [good, { ...good, isGood: false, nextInMs: null, needsReauth: true }]) {
    const dueAt = await begin();
    await adjustConnection(viewer, id, { isDueNow: true });
    expect(await recordTry(viewer, id, { ...outcome, dueAt })).toBe(true);
    expect((await listDueConnections(asSystem("test"), 10)).map((row) => row.id)).toContain(id);
    expect(await recordTry(viewer, id, { ...good, dueAt: await begin() })).toBe(false);
  }
});
