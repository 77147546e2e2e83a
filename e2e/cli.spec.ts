import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "@playwright/test";
import { sampleModule } from "../lib/module-host/testing";
import { runBurgeon } from "./app-process";
import { expect } from "./fixtures";
import { orchardKey, startOrchard } from "./orchard-service";

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "burgeon-cli-"));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const env = (more: Record<string, string> = {}) => ({ ...process.env, ...more });
const good = (adapter?: string) =>
  sampleModule({ baseUrl: "https://game.example.com", ...(adapter ? { adapter } : {}) });

test("module check says yes with exit code 0, no with 1, and what is wrong with file and line", async () => {
  const yes = await runBurgeon(["module", "check", write(good()), "--json"], env());
  expect([yes.exitCode, JSON.parse(yes.stdout).ok]).toEqual([0, true]);
  const no = await runBurgeon(
    [
      "module",
      "check",
      write(good("export default { async list_scores() {\n  return fetch('https://x.example');\n} };\n")),
      "--json",
    ],
    env(),
  );
  const report = JSON.parse(no.stdout);
  expect([no.exitCode, report.ok]).toEqual([1, false]);
  expect(report.findings[0]).toMatchObject({
    code: "type_error",
    file: "adapter.ts",
    line: 2,
    hint: expect.stringContaining("ctx.http"),
  });
});

test("module run answers from cassettes without network, and live with a credential that the module never sees", async () => {
  const played = await runBurgeon(
    ["module", "run", write(good()), "get_score", "--input", '{"player":"ada"}', "--cassettes", "--json"],
    env(),
  );
  expect([played.exitCode, JSON.parse(played.stdout)]).toMatchObject([
    0,
    {
      ok: true,
      value: { player: "ada", points: 7 },
      logs: [],
      requests: [{ method: "GET", path: "/scores/ada", status: 200 }],
    },
  ]);
  const orchard = await startOrchard();
  try {
    const echo = `import { type Ctx } from "@burgeon/sdk";
export default { async list_scores(ctx: Ctx) { const r = await ctx.http.main.request({ path: "/v1/trees" }); return { status: r.status, names: Object.keys(r.headers), text: r.text() }; }, async get_score() { return null; } };\n`;
    const files = sampleModule({ baseUrl: orchard.origin, adapter: echo });
    const manifest = JSON.parse(files["manifest.json"] ?? "");
    manifest.connections.main.auth.name = "X-Orchard-Key";
    manifest.operations.list_scores.output = { type: "object" };
    const allowed = env({ BURGEON_EGRESS_ALLOW: new URL(orchard.origin).host });
    const args = [
      "module",
      "run",
      write({ ...files, "manifest.json": JSON.stringify(manifest) }),
      "list_scores",
      "--live",
      "--credentials",
      JSON.stringify({ game_key: orchardKey }),
      "--json",
    ];
    const live = await runBurgeon(args, allowed);
    expect(JSON.parse(live.stdout)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(live.stdout + live.stderr).not.toContain(orchardKey);
    const refused = JSON.parse((await runBurgeon(args, env())).stdout);
    expect(refused).toMatchObject({ ok: false });
    expect(orchard.served()).toBe(1);
  } finally {
    await orchard.close();
  }
});

test("module run ends hostile code with a typed error", async () => {
  const run = async (body: string) => {
    const ended = await runBurgeon(
      [
        "module",
        "run",
        write(good(`export default { async list_scores() { ${body} }, async get_score() { return null; } };\n`)),
        "list_scores",
        "--json",
      ],
      env(),
    );
    expect(ended.exitCode).toBe(1);
    return JSON.parse(ended.stdout).error.code;
  };
  expect(await run("for (;;) {}")).toBe("cpu_timeout");
  expect(await run("await new Promise(() => {}); return {};")).toBe("deadlock");
  expect(await run('throw new Error("on purpose");')).toBe("guest_error");
  expect(await run("const list = []; for (;;) list.push(new Array(1000).fill(list.length));")).toBe("memory_limit");
  expect(await run("const f = () => f() + 1; return f();")).toBe("stack_overflow");
  expect(await run('const fs = await import("node:fs"); return fs;')).toBe("build_rejected");
  expect(await run("return { items: 1 };")).toBe("output_invalid");
});

test("eval measures the planner without a database: exit code 0 and the metrics; a case that is not there is 2", async () => {
  const nowhere = env({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none", BURGEON_MODEL: "", OPENAI_API_KEY: "" });
  const measured = await runBurgeon(["eval", "--json", "--report", join(folder, "report.html")], nowhere);
  const report = JSON.parse(measured.stdout);
  expect([measured.exitCode, report.model, report.met, report.broken]).toEqual([0, "Built-in planner", true, null]);
  for (const name of [
    "tool_selection_accuracy",
    "argument_correctness",
    "clarification_accuracy",
    "multi_step_completion",
  ]) {
    const { value, low, high, n } = report.metrics[name];
    expect([name, n > 0, low <= value, value <= high]).toEqual([name, true, true, true]);
  }
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("tool selection accuracy");
  const missing = await runBurgeon(["eval", "--case", "nothing"], nowhere);
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("Usage: eval")]);
  const unkeyed = await runBurgeon(["eval", "--model", "openai:gpt-x"], nowhere);
  expect([unkeyed.exitCode, unkeyed.stdout]).toEqual([3, ""]);
});

test("wrong usage is exit code 2 with the right usage", async () => {
  for (const args of [
    ["nonsense"],
    ["module", "check"],
    ["module", "run", folder],
    ["module", "run", folder, "x", "--input", "{"],
    ["token", "create", "--scopes", "everything"],
  ]) {
    const { exitCode, stderr } = await runBurgeon(args, env({ BURGEON_DATA_DIR: join(folder, "data") }));
    expect([args.join(" "), exitCode]).toEqual([args.join(" "), 2]);
    expect(stderr).toMatch(/Usage|takes/);
  }
  const missing = await runBurgeon(["module", "check", join(folder, "nowhere")], env());
  expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining("no such folder")]);
});
