// What a fresh virtual machine per call costs: the same module called in plain Node, in the primary and in the fallback
// engine. Run it alone on a quiet machine: `npm run bench -- sandbox`. Compare columns, not digits.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { reportClaim } from "./parts/report.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const rows = 5_000;
const now = "2026-01-15T12:00:00.000Z";

/** What modules do: read a reply of about a megabyte, map it, sort it, drop doubles. */
const source = `import { type Ctx, ensureOk, toInstant, toMinor } from "@burgeon/sdk";
interface Row { id: string; at: number; amount: string; name: string; tags: string[] }
export default {
  async trivial(_ctx: Ctx, input: { n: number }) { return input.n + 1; },
  async real(ctx: Ctx) {
    const rows = ensureOk(await ctx.http.bank.request({ path: "/rows" })).json<{ rows: Row[] }>().rows;
    const seen = new Set<string>();
    return rows
      .map((row) => ({ id: row.id, at: toInstant(row.at), amount: { amountMinor: toMinor(row.amount, "EUR"), currency: "EUR" }, merchant: row.name.trim().toUpperCase(), category: row.tags[0] ?? "other" }))
      .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
      .filter(({ id }) => !seen.has(id) && seen.add(id));
  },
};`;

const body = JSON.stringify({
  rows: Array.from({ length: rows }, (_, index) => ({
    id: `row-${index % (rows - 50)}`,
    at: 1_700_000_000 + ((index * 7919) % 1_000_000),
    amount: `${index % 3 ? "-" : ""}${(index * 37) % 10_000}.${String(index % 100).padStart(2, "0")}`,
    name: `  Merchant number ${index} of a long list of merchants `,
    tags: ["groceries", "card", "weekend"],
    note: "A note that nobody asked for, which is nevertheless part of every reply of this service.",
  })),
});

const { compileModule, createSandbox, setSandboxRuntime, stop } = await loadSandbox();
const { buildCachedSandboxRuntime } = await import(pathToFileURL(join(root, "lib/sandbox/runtime-build.mjs")).href);
setSandboxRuntime(await buildCachedSandboxRuntime());
const compiled = await compileModule({ "adapter.ts": source });
if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));

const subjects = [
  { name: "plain Node, same thread", ...plainNode() },
  { name: "quickjs-wasi, fresh machine", ...sandboxed("quickjs-wasi") },
  { name: "quickjs-emscripten, fresh machine", ...sandboxed("quickjs-emscripten") },
];
const results = [];
for (const { name, call, close } of subjects) {
  const startedAt = performance.now();
  await call("trivial", { n: 0 });
  const coldMs = performance.now() - startedAt;
  results.push({
    name,
    coldMs,
    trivial: await measure(() => call("trivial", { n: 1 }), 200),
    real: await measure(() => call("real", {}), 15),
  });
  await close();
}
printTable(results);
await stop();

/** The product's own sources, bundled so that Node can load them. */
async function loadSandbox() {
  const outfile = join(root, "node_modules", ".cache", "burgeon-bench", "sandbox.mjs");
  await mkdir(join(outfile, ".."), { recursive: true });
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { compileModule } from "@/lib/sandbox/compile";
export { createSandbox } from "@/lib/sandbox/host";
export { setSandboxRuntime } from "@/lib/sandbox/runtime-path";
export { stop } from "esbuild";`,
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}

/** The same compiled code and the same JSON in and out, without any wall. */
function plainNode() {
  const operations = new Function(`${compiled.code}\nreturn __burgeonModule.default;`)();
  const response = { status: 200, ok: true, headers: {}, text: () => body, json: () => JSON.parse(body) };
  const ctx = { http: { bank: { request: async () => response } }, now };
  return {
    call: async (operation, input) =>
      JSON.parse(JSON.stringify(await operations[operation](ctx, JSON.parse(JSON.stringify(input))))),
    close: async () => undefined,
  };
}

function sandboxed(engine) {
  const sandbox = createSandbox({ engine, workers: 1 });
  return {
    call: async (operation, input) => {
      const result = await sandbox.run({
        code: compiled.code,
        operation,
        inputJson: JSON.stringify(input),
        connections: ["bank"],
        now,
        onRequest: async () => ({ status: 200, headers: {}, body }),
      });
      if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
      return result.value;
    },
    close: () => sandbox.close(),
  };
}

async function measure(call, times) {
  for (let round = 0; round < 3; round += 1) await call();
  const durations = [];
  for (let round = 0; round < times; round += 1) {
    const startedAt = performance.now();
    await call();
    durations.push(performance.now() - startedAt);
  }
  durations.sort((a, b) => a - b);
  return { min: durations[0], p50: durations[Math.floor(times / 2)], p95: durations[Math.floor(times * 0.95)] };
}

function printTable(measured) {
  const [plain] = measured;
  const ms = (value) => value.toFixed(value < 0.1 ? 4 : value < 10 ? 2 : 0);
  const ratio = (value, base) => `${(value / base).toFixed(value / base < 10 ? 1 : 0)}x`;
  const header = ["", "first call", "trivial p50", "p95", "min", "ratio", `${rows} rows p50`, "p95", "min", "ratio"];
  const lines = measured.map(({ name, coldMs, trivial, real }) => [
    name,
    ms(coldMs),
    ...[trivial.p50, trivial.p95, trivial.min].map(ms),
    ratio(trivial.p50, plain.trivial.p50),
    ...[real.p50, real.p95, real.min].map(ms),
    ratio(real.p50, plain.real.p50),
  ]);
  const widths = header.map((title, column) =>
    Math.max(...[header, ...lines].map((line) => line[column].length), title.length),
  );
  console.log(`One call in ms, Node ${process.versions.node}, reply of ${(body.length / 1e6).toFixed(2)} MB`);
  for (const line of [header, ...lines])
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join("  "),
    );
  const [, primary, fallback] = measured;
  console.log(
    `Primary against fallback: trivial ${ratio(primary.trivial.p50, fallback.trivial.p50)}, real ${ratio(primary.real.p50, fallback.real.p50)}\n`,
  );
  reportClaim({
    claim: `module call over ${rows} rows in a fresh machine`,
    ours: primary.real.p50,
    other: plain.real.p50,
    unit: "ms",
    otherName: "the same code in plain Node",
    aim: null,
  });
  reportClaim({
    claim: "trivial module call in a fresh machine",
    ours: primary.trivial.p50,
    other: fallback.trivial.p50,
    unit: "ms",
    otherName: "the fallback engine",
    aim: null,
  });
}
