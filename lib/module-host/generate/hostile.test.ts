import "@/lib/sandbox/testing";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { createSandbox } from "@/lib/sandbox/host";
import { compileModule } from "@/lib/sandbox/compile";
import { adapterHelpers } from "./adapter-helpers";
import { document, evil, schemas, wishes } from "./testing-hostile";
import { copyJson } from "./json-value";
import { readDocument } from "./read-document";
import { type Generated, generateFrom, generateOf, prove } from "./testing";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

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
      { numRuns: 40 },
    );
    expect(passed).toBeGreaterThan(8);
  }, 120_000);

  it("an example as large as a number can be stays a number", async () => {
    const schema = {
      type: "array",
      items: { type: "object", properties: { n: { type: "number", example: -1e305 } } },
    };
    const reply = { description: "", content: { "application/json": { schema } } };
    const wish = "list things";
    const generated = generateFrom(
      {
        ...{ openapi: "3.0.3", info: { title: "Large" }, servers: [{ url: "https://api.example/v1" }] },
        paths: { "/things": { get: { responses: { "200": reply } } } },
      },
      wish,
    );
    expect((await prove(sandbox, generated, { wish })).checked.report.findings).toEqual([]);
  });

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
          const generated = attempt(() =>
            generateOf({ kind: "json", sample: read.value, url, origin: "pasted" }, { wish: segment }),
          );
          if (!generated) return;
          const { checked, faults } = await prove(sandbox, generated, { wish: segment });
          expect(checked.report.findings).toEqual([]);
          expect(faults).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it("no name of it meets one that the adapter has itself", async () => {
    const own = Object.keys(adapterHelpers({ title: "Own", connection: "own" }));
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const responses = { "200": { description: "", content: { "application/json": { schema } } } };
    for (const operationId of own) {
      const { files } = generateFrom({
        ...{ openapi: "3.0.0", info: { title: "Own" }, servers: [{ url: "https://own.example" }] },
        paths: { "/a": { get: { operationId, responses } } },
      });
      expect([operationId, await compileModule(files)]).toMatchObject([operationId, { ok: true }]);
    }
  });

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
    const reply = {
      "200": { description: "", content: { "application/json": { schema: { $ref: "#/components/schemas/n0" } } } },
    };
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
    expect(all).not.toMatch(/(?!\n)\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2060-\u206f]/u);
    expect(all).not.toContain(key);
    expect(all).not.toContain("hunter2");
  });
});
