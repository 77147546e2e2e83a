import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { askTogether } from "./ask-together";
import { pool } from "./client";
import { putSetting } from "./settings";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  await putSetting(viewer, "animal", "zebra");
  await putSetting(viewer, "plant", ["fern"]);
});

const setting = (who: Viewer, key: string) =>
  askTogether(who, `SELECT value FROM "Setting" WHERE "userId" = $1 AND key = $2`, [key]);
const count = (who: Viewer, first: string, second: string) =>
  askTogether(who, `SELECT count(*)::int FROM "Setting" WHERE key IN ($3, $2) AND "userId" = $1`, [first, second]);

describe("what is asked in one turn of the event loop", () => {
  it("goes to the database in one statement, each question with its own values", async () => {
    const sent = vi.spyOn(pool(), "query");
    const answers = await Promise.all([
      setting(viewer, "animal"),
      count(viewer, "plant", "animal"),
      setting(viewer, "plant"),
      setting(viewer, "mineral"),
      count(viewer, "mineral", "animal"),
      askTogether(viewer, `SELECT email FROM "User" WHERE id = $1`),
    ]);
    expect(answers).toEqual(["zebra", 2, ["fern"], null, 1, `${viewer.userId}@example.test`]);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it("is prepared once for the same questions in another order, and read once where it is the same", async () => {
    const sent = vi.spyOn(pool(), "query");
    await Promise.all([setting(viewer, "animal"), count(viewer, "plant", "animal")]);
    await Promise.all([count(viewer, "plant", "animal"), setting(viewer, "animal"), setting(viewer, "animal")]);
    const statements = sent.mock.calls.map(
      ([statement]) => statement as unknown as { name: string; values: unknown[] },
    );
    expect(statements).toHaveLength(2);
    expect(statements[1]).toEqual(statements[0]);
  });

  it("is answered to each from their own rows", async () => {
    const other = await testUser();
    await putSetting(other, "animal", "horse");
    expect(await Promise.all([setting(viewer, "animal"), setting(other, "animal")])).toEqual(["zebra", "horse"]);
  });

  it("is as it is now, not as it was in the turn before", async () => {
    await setting(viewer, "animal");
    await putSetting(viewer, "animal", "okapi");
    expect(await setting(viewer, "animal")).toBe("okapi");
  });

  it("fails for all that were asked along, and for nobody after them", async () => {
    const asked = [
      setting(viewer, "animal"),
      askTogether(viewer, `SELECT 1 / (count(*) - 1) FROM "User" WHERE id = $1`),
    ];
    for (const { status } of await Promise.allSettled(asked)) expect(status).toBe("rejected");
    expect(await setting(viewer, "animal")).toBe("zebra");
  });
});
