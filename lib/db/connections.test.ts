import { afterAll, beforeAll, expect, it } from "vitest";
import { asSystem } from "@/lib/contracts/viewer";
import { adjustConnection, listConnectionRows, listDueConnections, saveConnection } from "./connections";
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
    ...{ adapter: "plaid", accountKey: "a", title: "A", isWriteAllowed: false, scopes: [] },
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
