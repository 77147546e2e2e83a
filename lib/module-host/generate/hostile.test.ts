import "@/lib/sandbox/testing";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { createSandbox } from "@/lib/sandbox/host";
import { copyJson } from "./json-value";
import { readDocument } from "./read-document";
import { type Generated, generateFrom, generateOf, prove } from "./testing";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

/** Texts that would do something if they got into code, comments, YAML, Markdown or paths as they are. */
const poison = [
  '*/ throw new Error("x"); /*',
  '"); throw 1; ("',
  "`${ctx.http}`",
  "${globalThis.x}",
  "\u2028throw 1",
  "\n\nthrow 1 // ",
  "</script>",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "delete",
  "class",
  "await",
  "\\",
  "'",
  '"',
  "`",
  "*/",
  "//",
  "/*",
  "\u0000",
  "\ud800",
  "\u202e",
  "a-b c",
  "",
  " ",
  "{{x}}",
  "{x}",
  "{",
  "}",
  "../..",
  "%2e%2e",
  "?a=b#c",
  "päth",
  "😀",
  "1abc",
  "ctx",
  "input",
  "send",
  "readJson",
  "Promise",
  "Record",
  "string",
  "[click](javascript:alert(1))",
  "- a: &x",
  "!!js/function",
  "x".repeat(300),
  "@burgeon/sdk",
  "eval('1')",
  "import('fs')",
];
const evil = fc.oneof(
  fc.constantFrom(...poison),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.tuple(fc.constantFrom(...poison), fc.string({ maxLength: 8 })).map((parts) => parts.join("")),
);

const schema: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown; object: unknown }>((tie) => ({
  object: fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(evil, tie("node"), { maxKeys: 4 }),
      required: fc.array(evil, { maxLength: 3 }),
      title: evil,
      description: evil,
      example: fc.jsonValue(),
    },
    { requiredKeys: ["type", "properties"] },
  ),
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.record(
      {
        type: fc.constantFrom("string", "integer", "number", "boolean"),
        enum: fc.array(fc.oneof(evil, fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 3 }),
        description: evil,
        format: evil,
        default: fc.jsonValue(),
        example: fc.jsonValue(),
        nullable: fc.boolean(),
      },
      { requiredKeys: ["type"] },
    ),
    fc.record({ type: fc.array(fc.constantFrom("string", "null", "object", "array"), { maxLength: 2 }) }),
    tie("object"),
    fc.record({ type: fc.constant("array"), items: tie("node") }),
    fc.record({ allOf: fc.array(tie("node"), { maxLength: 2 }) }),
    fc.record({ oneOf: fc.array(tie("node"), { maxLength: 3 }) }),
    fc.constantFrom(
      { $ref: "#/components/schemas/Loop" },
      { $ref: "#/components/schemas/Fan" },
      { $ref: "https://evil.example/x" },
      { $ref: "#/paths/~1%zz" },
      { $ref: "#/__proto__" },
      true,
      null,
      7,
    ),
  ),
})).node;

const parameter = fc.record(
  {
    name: evil,
    in: fc.constantFrom("path", "query", "header", "cookie", "__proto__"),
    required: fc.boolean(),
    description: evil,
    schema,
    style: fc.constantFrom("form", "deepObject", "pipeDelimited"),
    explode: fc.boolean(),
    example: fc.jsonValue(),
  },
  { requiredKeys: ["name", "in"] },
);

const operation = fc.record(
  {
    operationId: evil,
    summary: evil,
    description: evil,
    tags: fc.array(evil, { maxLength: 2 }),
    parameters: fc.array(parameter, { maxLength: 4 }),
    requestBody: fc.record({ required: fc.boolean(), content: fc.record({ "application/json": fc.record({ schema }) }) }),
    responses: fc.record({
      "200": fc.record({
        description: evil,
        headers: fc.constantFrom({}, { Link: {} }),
        content: fc.record({ "application/json": fc.record({ schema, example: fc.jsonValue() }) }),
      }),
    }),
  },
  { requiredKeys: ["responses"] },
);

const pathText = fc.oneof(
  evil.map((text) => `/${text}`),
  evil.map((text) => `/things/{${text}}/x`),
  fc.constant("/plain"),
);

const document = fc.record({
  openapi: fc.constant("3.0.3"),
  info: fc.record({ title: evil, description: evil }),
  servers: fc.constant([{ url: "https://api.example/v1" }]),
  security: fc.constantFrom([], [{ k: [] }]),
  components: fc.record({
    securitySchemes: fc.record({
      k: fc.record({ type: fc.constant("apiKey"), in: fc.constantFrom("header", "query"), name: evil, description: evil }),
    }),
  }),
  paths: fc.dictionary(pathText, fc.record({ get: operation, post: operation }, { requiredKeys: [] }), { minKeys: 1, maxKeys: 3 }),
});

/** Schemas that refer to themselves and fan out. */
const schemas = {
  Loop: {
    type: "object",
    required: ["self"],
    properties: { self: { $ref: "#/components/schemas/Loop" }, all: { type: "array", items: { $ref: "#/components/schemas/Loop" } } },
  },
  Fan: {
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `f${at}`,
        { type: "array", items: { allOf: [{ $ref: "#/components/schemas/Loop" }, { $ref: "#/components/schemas/Fan" }] } },
      ]),
    ),
  },
};

const wishes = fc.oneof(evil, fc.constant("list things and create new things and delete them"));

/** Null when it was refused with a sentence, which is as good. */
function attempt(make: () => Generated): Generated | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

describe("whatever a document says", () => {
  it("the module is refused with a sentence, or it passes the whole check", async () => {
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(document, wishes, async (raw, wish) => {
        const copied = copyJson(JSON.parse(JSON.stringify({ ...raw, components: { ...raw.components, schemas } })));
        const generated = attempt(() => generateFrom(copied?.value, wish));
        if (!generated) return;
        const { checked, faults } = await prove(sandbox, generated, { wish });
        expect(checked.report.findings).toEqual([]);
        expect(faults).toEqual([]);
        expect(checked.report.coverage.tested.length).toBe(checked.report.coverage.operations);
        passed += 1;
      }),
      { numRuns: 60 },
    );
    expect(passed).toBeGreaterThan(15);
  }, 120_000);

  it("a pasted reply becomes a module that passes the whole check", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(evil, fc.jsonValue(), { maxKeys: 5 }),
        fc.array(fc.dictionary(evil, fc.jsonValue(), { maxKeys: 4 }), { maxLength: 3 }),
        evil,
        async (fields, list, segment) => {
          const read = readDocument(JSON.stringify({ ...fields, list }));
          if (read.kind !== "json") return;
          const url = `https://api.example/v1/${encodeURIComponent(segment.toWellFormed())}?q=1`;
          const generated = attempt(() => generateOf({ kind: "json", sample: read.value, url, origin: "pasted" }, { wish: segment }));
          if (!generated) return;
          const { checked, faults } = await prove(sandbox, generated, { wish: segment });
          expect(checked.report.findings).toEqual([]);
          expect(faults).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it("nothing takes long, however the references fan out", () => {
    const wide = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `n${at}`,
        {
          type: "object",
          properties: Object.fromEntries(
            Array.from({ length: 60 }, (_, to) => [`p${to}`, { $ref: `#/components/schemas/n${(at + to) % 60}` }]),
          ),
        },
      ]),
    );
    const reply = { "200": { description: "", content: { "application/json": { schema: { $ref: "#/components/schemas/n0" } } } } };
    const paths = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [`/a${at}`, { get: { operationId: `get_a${at}`, responses: reply } }]),
    );
    const startedAt = performance.now();
    const { files } = generateFrom({
      openapi: "3.0.0",
      info: { title: "Wide" },
      servers: [{ url: "https://wide.example" }],
      components: { schemas: wide },
      paths,
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(Object.values(files).join("").length).toBeLessThan(900_000);
  });

  it("no hidden character reaches a file, and no key of a well-known form", () => {
    const key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123";
    const { files } = generateFrom({
      openapi: "3.0.0",
      info: { title: "Quiet\u202eTitle", description: `Use ${key}\u2066 now. \u2028` },
      servers: [{ url: "https://quiet.example" }],
      paths: {
        "/a": {
          get: {
            operationId: "getA",
            summary: "A\u200b thing",
            responses: {
              "200": {
                description: "",
                content: {
                  "application/json": {
                    schema: {
                      type: "object",
                      properties: {
                        "na\u202eme": { type: "string", example: key },
                        password: { type: "string", example: "hunter2hunter2" },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    });
    const all = Object.values(files).join("\n");
    expect(all).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/);
    expect(all).not.toContain(key);
    expect(all).not.toContain("hunter2");
  });
});
