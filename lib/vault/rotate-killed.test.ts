import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { testUser } from "@/lib/db/testing";
import { parseMasterKey } from "./envelope";

import { armKill } from "./testing-kill";
import { rotateNow } from "./testing-rotate";
import { setUpInstallation } from "./testing-vault";
import { open, remove, seal, vaultState } from "./vault";

const scope = "module:gaming/test";
const installation = setUpInstallation();
const people: Viewer[] = [];

beforeEach(async () => {
  await pool().query(`truncate "Secret"`);
  installation.resetKey();
  people.splice(0, 2, await testUser(), await testUser("member"));
});

function person(index: number): Viewer {
  const found = people[index];
  if (!found) throw new Error("there are two people");
  return found;
}

/** What nothing may ever break: every value can be read, by the keys that are in the file now. */
async function expectAll(values: Iterable<readonly [name: string, value: string]>, index = 0): Promise<void> {
  for (const [name, value] of values) expect(await open(person(index), scope, name)).toBe(value);
  expect(await vaultState()).toBe("open");
}

async function expectRetired(): Promise<void> {
  const keys = installation.keys();
  expect(keys).toHaveLength(1);
  const { rows } = await pool().query(`select distinct "keyId" from "Secret"`);
  expect(rows).toEqual([{ keyId: parseMasterKey(keys[0] ?? "").id }]);
  expect(installation.files()).toEqual(["master-key"]);
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal ?? code;
}

describe("a rotation that is killed with -9", () => {
  it("loses nothing, wherever it was, and the next one ends what it began", async () => {
    const values = Array.from({ length: 60 }, (_, index) => [`n${index}`, `value ${index}`] as const);
    for (const [name, value] of values) await seal(person(0), scope, name, value);
    const seen = new Set<string>();
    let killed = 0;
    // Every second thing that it asks of the database and the file system, until it comes to its end.
    for (let killAt = 1; ; killAt += 2) {
      const end = await endOf(installation.spawn({ kind: "rotate", killAt, folder: installation.folder }));
      if (end === 0) break;
      expect(end).toBe("SIGKILL");
      killed += 1;
      await expectAll(values);
      const { rows } = await pool().query(`select count(distinct "keyId")::int as count from "Secret"`);
      seen.add(`${installation.keys().length} ${rows[0].count}`);
      expect(await rotateNow()).toMatchObject({ damaged: [], left: [] });
      await expectRetired();
      await expectAll(values);
    }
    await expectAll(values);
    await expectRetired();
    expect(killed).toBeGreaterThan(15);
    // It was met with one key and with both in the file, and with some rows under each.
    expect([...seen].sort()).toEqual(["1 1", "2 1", "2 2"]);
  }, 180_000);
});

describe("web and worker", () => {
  it("go on sealing and opening through three rotations without being started again", async () => {
    const children = people.map(({ userId }) => installation.spawn({ kind: "live", userId, scope }));
    const told = children.map(() => ({ count: 0, failures: [] as string[] }));
    children.forEach((child, index) => {
      if (!child.stdout) throw new Error("no output");
      createInterface(child.stdout).on("line", (line) => Object.assign(told[index] ?? {}, JSON.parse(line)));
    });
    for (let rotations = 0; rotations < 3; rotations++) {
      const before = told.map(({ count }) => count);
      await expect
        .poll(() => told.every(({ count }, index) => count > (before[index] ?? 0) + 5), { timeout: 15_000 })
        .toBe(true);
      expect(await rotateNow()).toMatchObject({ isNewKey: true, damaged: [], left: [] });
    }
    const ends = children.map(endOf);
    for (const child of children) child.stdin?.end();
    expect(await Promise.all(ends)).toEqual([0, 0]);
    expect(told.flatMap(({ failures }) => failures)).toEqual([]);
    for (const [index, { count }] of told.entries())
      await expectAll(
        Array.from({ length: 5 }, (_, back) => [`n${(count - back) % 5}`, String(count - back)] as const),
        index,
      );
    await expectRetired();
  }, 60_000);
});

type Step =
  | { kind: "seal"; who: number; name: string; value: string }
  | { kind: "remove"; who: number; name: string }
  | { kind: "rotate"; killAt: number | null };

const who = fc.constantFrom(0, 1);
const name = fc.constantFrom("a", "b", "c");
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("seal" as const), who, name, value: fc.string({ minLength: 1, unit: "grapheme" }) }),
    fc.record({ kind: fc.constant("remove" as const), who, name }),
    fc.record({
      kind: fc.constant("rotate" as const),
      killAt: fc.option(fc.integer({ min: 1, max: 45 }), { freq: 4 }),
    }),
  ),
  { minLength: 1, maxLength: 12 },
);

describe("any order of sealing, removing, rotating and dying", () => {
  it("leaves every secret readable, with its last value", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const model = new Map<string, { who: number; name: string; value: string }>();
        for (const step of list) {
          if (step.kind === "seal") {
            await seal(person(step.who), scope, step.name, step.value);
            model.set(`${step.who} ${step.name}`, step);
          } else if (step.kind === "remove") {
            await remove(person(step.who), scope, step.name);
            model.delete(`${step.who} ${step.name}`);
          } else await rotateAndDie(step.killAt);
          for (const { who, name, value } of model.values()) await expectAll([[name, value]], who);
        }
        expect(await rotateNow()).toMatchObject({ damaged: [], left: [] });
        for (const { who, name, value } of model.values()) await expectAll([[name, value]], who);
        expect(installation.keys()).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** In this process: from the nth thing it asks for on, everything fails. */
async function rotateAndDie(killAt: number | null): Promise<void> {
  if (killAt === null) {
    await rotateNow();
    return;
  }
  const disarm = armKill(killAt, installation.folder, () => {
    throw new Error("killed");
  });
  const outcome = await rotateNow().then(
    () => "ended",
    (cause: unknown) => String(cause),
  );
  disarm();
  expect(outcome).toMatch(/^(ended|Error: killed)$/);
}
