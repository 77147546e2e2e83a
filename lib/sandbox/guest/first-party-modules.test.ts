import "../testing";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { canonicalSchemas } from "@/lib/contracts/canonical";
import { cassetteEntrySchema, moduleManifestSchema, toolNameOf } from "@/lib/contracts/module";
import type { SandboxRequest, SandboxResponse } from "@/lib/contracts/sandbox";
import { compileModule } from "../compile";
import { createSandbox } from "../host";
import { runModuleTests } from "../run-tests";
import { closeTypeChecker, typeCheckModule } from "../type-check";

const root = join(process.cwd(), "modules");
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "sdk")
  .flatMap((category) => readdirSync(join(root, category.name)).map((name) => `${category.name}/${name}`));

const sandbox = createSandbox({ workers: 1 });
afterAll(() => Promise.all([sandbox.close(), closeTypeChecker()]));
const now = "2026-01-15T12:00:00.000Z";

function read(folder: string) {
  const directory = join(root, folder);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      files[path.slice(directory.length + 1)] = readFileSync(path, "utf8");
    }
  const manifest = moduleManifestSchema.parse(JSON.parse(files["manifest.json"] ?? ""));
  const cassettes = Object.keys(files)
    .filter((path) => path.startsWith("cassettes/"))
    .flatMap((path) => z.array(cassetteEntrySchema).parse(JSON.parse(files[path] ?? "")));
  const answer = async (connection: string, request: SandboxRequest): Promise<SandboxResponse> => {
    const key = (query: object | undefined) =>
      JSON.stringify(
        Object.entries(query ?? {})
          .map(([k, v]) => [k, String(v)])
          .sort(),
      );
    const fitting = cassettes.find(
      ({ connection: name, request: recorded }) =>
        name === connection &&
        recorded.path === request.path &&
        recorded.method === request.method &&
        key(recorded.query) === key(request.query),
    );
    if (!fitting)
      return { error: { code: "no_cassette", message: `no cassette for ${request.path} ${key(request.query)}` } };
    const { status, headers, json, text } = fitting.response;
    return { status, headers, body: json === undefined ? (text ?? "") : JSON.stringify(json) };
  };
  return { files, manifest, answer };
}

it("there are modules to look at", () => {
  expect(folders).toEqual(expect.arrayContaining(["weather/open-meteo", "gaming/clash-royale"]));
});

describe.each(folders)("%s", (folder) => {
  const { files, manifest, answer } = read(folder);

  it("lies where its manifest says, with every part of the anatomy", () => {
    expect(`${manifest.category}/${manifest.name}`).toBe(folder);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        "manifest.json",
        "adapter.ts",
        "adapter.test.ts",
        "evals.yaml",
        "README.md",
        expect.stringMatching(/^cassettes\/.+\.json$/),
      ]),
    );
  });

  it("has no type errors and compiles", async () => {
    expect(await typeCheckModule(files, 20_000)).toEqual([]);
    expect(await compileModule(files)).toMatchObject({ ok: true });
  });

  it("passes its tests, which run every operation", async () => {
    const report = await runModuleTests({
      files,
      connections: Object.keys(manifest.connections),
      now,
      onRequest: answer,
      sandbox,
    });
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.operationsRun.sort()).toEqual(Object.keys(manifest.operations).sort());
  });

  it("has questions for each operation, and evals that name its tools", () => {
    const tools = Object.keys(manifest.operations).map((operation) => toolNameOf(manifest, operation));
    for (const { questions } of Object.values(manifest.operations)) expect(questions.length).toBeGreaterThanOrEqual(3);
    const { cases } = z
      .object({
        cases: z.array(z.strictObject({ question: z.string(), tool: z.enum(tools as [string, ...string[]]) })),
      })
      .parse(parse(files["evals.yaml"] ?? ""));
    expect(new Set(cases.map(({ tool }) => tool))).toEqual(new Set(tools));
  });
});

it("the example of modules/README.md is a module that passes", async () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const block = (path: string) =>
    text
      .split(`${path}\`\n\n`)[1]
      ?.split("```")[1]
      ?.replace(/^\w+\n/, "") ?? "";
  const files = Object.fromEntries(["adapter.ts", "adapter.test.ts"].map((path) => [path, block(`\`${path}`)]));
  const manifest = moduleManifestSchema.parse(JSON.parse(block("manifest.json")));
  const [entry] = z.array(cassetteEntrySchema).parse(JSON.parse(block("cassettes/loans.json")));
  expect(await typeCheckModule(files, 20_000)).toEqual([]);
  const onRequest = async () => ({ status: 200, headers: {}, body: JSON.stringify(entry?.response.json) });
  const report = await runModuleTests({
    files,
    connections: Object.keys(manifest.connections),
    now,
    onRequest,
    sandbox,
  });
  expect(report).toMatchObject({ ok: true, operationsRun: ["list_loans"] });
});

describe("what the operations return is what the manifest promises", () => {
  it.each<[folder: string, operation: string, input: object]>([
    ["weather/open-meteo", "search_place", { name: "Paris", count: 2 }],
    ["weather/open-meteo", "current_weather", { place: "Berlin" }],
    ["weather/open-meteo", "daily_forecast", { place: "Berlin", days: 3 }],
    ["weather/open-meteo", "hourly_forecast", { place: "Berlin", hours: 2 }],
    ["gaming/clash-royale", "get_player", { tag: "#2PP0VQL" }],
    ["gaming/clash-royale", "list_battles", { tag: "#2PP0VQL" }],
  ])("%s %s", async (folder, name, input) => {
    const { files, manifest, answer } = read(folder);
    const operation = manifest.operations[name];
    const compiled = await compileModule(files);
    if (!compiled.ok || !operation) throw new Error("unreachable");
    type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
    z.fromJSONSchema(operation.input as JsonSchema).parse(input);
    const result = await sandbox.run({
      code: compiled.code,
      operation: name,
      inputJson: JSON.stringify(input),
      connections: Object.keys(manifest.connections),
      now,
      onRequest: answer,
    });
    if (!result.ok) throw new Error(result.error.message);
    z.fromJSONSchema(operation.output as JsonSchema).parse(result.value);
    if (!operation.canonical) return;
    const { items = [result.value] } = result.value as { items?: unknown[] };
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) canonicalSchemas[operation.canonical].parse(item);
  });
});
