import "../testing";
import { afterAll, describe, expect, it } from "vitest";
import type { SandboxCall, SandboxResponse, SandboxResult } from "@/lib/contracts/sandbox";
import { createSandbox } from "../host";
import type { SandboxEngine } from "../pool/protocol";
import { type Attack, attackLimits } from "./attack";
import { cpuAttacks } from "./cpu-attacks";
import { memoryAttacks } from "./memory-attacks";
import { outputAttacks } from "./output-attacks";
import { prototypeAttacks } from "./prototype-attacks";
import { requestAttacks } from "./request-attacks";
import { stackAttacks } from "./stack-attacks";

const classes: Record<string, Attack[]> = {
  cpu: cpuAttacks,
  memory: memoryAttacks,
  stack: stackAttacks,
  output: outputAttacks,
  prototype: prototypeAttacks,
  request: requestAttacks,
};

const reply = (body: string): SandboxResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body,
});

const replies: Record<string, SandboxResponse> = {
  api: reply('{"ok":true}'),
  late: reply("{}"),
  large: reply("x".repeat(100_000)),
  text: reply("<html>"),
  proto: reply('{"__proto__":{"polluted":true}}'),
  denied: { error: { code: "blocked", message: "Not allowed." } },
};

/** `silent` answers only when the call is over. */
const onRequest: SandboxCall["onRequest"] = async (connection, _request, signal) => {
  requested.push(connection);
  if (connection !== "silent") return replies[connection] as SandboxResponse;
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve({ error: { code: "aborted", message: "" } })),
  );
};
let requested: string[] = [];

it("counts the attacks, because a list that is empty finds nothing", () => {
  expect(Object.values(classes).flat().length).toBeGreaterThanOrEqual(83);
  const names = Object.values(classes)
    .flat()
    .map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each<SandboxEngine>(["quickjs-wasi", "quickjs-emscripten"])("%s", (engine) => {
  const sandbox = createSandbox({ workers: 1, engine, limits: attackLimits });
  afterAll(() => sandbox.close());

  describe.each(Object.entries(classes))("%s", (_class, attacks) => {
    it.each(attacks)("$name", async (attack) => {
      requested = [];
      const result = await sandbox.run({
        code: attack.script ?? `var __burgeonModule = { default: { async go(ctx, input) {\n${attack.body}\n} } };`,
        operation: "go",
        inputJson: attack.inputJson ?? "{}",
        connections: [...Object.keys(replies), "silent"],
        now: "2026-01-02T03:04:05Z",
        onRequest,
        // Where only memory may end it, it gets the time to fill it, however busy the machine is.
        limits: { ...(attack.ends === "memory_limit" ? { cpuMs: 5000 } : {}), ...attack.limits },
      });
      expectEnding(result, attack);
      expect(requested).not.toContain("late");
      expect(requested.length).toBeLessThanOrEqual(attack.limits?.requests ?? attackLimits.requests);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });
  });
});

function expectEnding(result: SandboxResult, { ends, says }: Attack): void {
  if (typeof ends === "object" && "value" in ends) {
    expect(result).toMatchObject({ ok: true });
    if (result.ok) expect(result.value).toEqual(ends.value);
    return;
  }
  const code = result.ok ? `value ${JSON.stringify(result.value)?.slice(0, 200)}` : result.error.code;
  expect([ends].flat(), result.ok ? "" : result.error.message.slice(0, 300)).toContain(code);
  if (says && !result.ok) expect(result.error.message).toMatch(says);
  if (!result.ok) expect(result.error.message.length).toBeLessThanOrEqual(4_001);
}
