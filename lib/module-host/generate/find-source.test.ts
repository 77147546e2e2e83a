import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { findSource } from "./find-source";
import { petStore } from "./testing-documents";
import { stationsYaml } from "./testing-documents-more";
import type { LoadedPage } from "./source";

const openApi = JSON.stringify(petStore);

/** A small web: addresses that are not in it answer 404, `null` cannot be reached. */
function web(pages: Record<string, string | Partial<LoadedPage> | null>) {
  const asked: string[] = [];
  const load = async (url: string): Promise<LoadedPage> => {
    asked.push(url);
    const page = pages[url];
    if (page === null) throw new AppError("unavailable", "It could not be reached.");
    if (page === undefined) return { status: 404, contentType: "text/plain", text: "nothing", url };
    return {
      status: 200,
      contentType: "",
      url,
      ...(typeof page === "string" ? { text: page } : { text: "", ...page }),
    };
  };
  return { load, asked };
}

const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.catch((caught: unknown) => caught);
  if (!(error instanceof AppError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  return error;
};

describe("the source of a module is found", () => {
  it("at the address itself, as JSON or YAML", async () => {
    const { load } = web({ "https://a.example/spec": openApi, "https://a.example/spec.yml": stationsYaml });
    expect(await findSource({ wish: "", url: "https://a.example/spec" }, load)).toMatchObject({
      kind: "openapi",
      origin: "given",
    });
    expect(await findSource({ wish: "", url: "https://a.example/spec.yml" }, load)).toMatchObject({
      document: { info: { title: "Bike Stations" } },
    });
  });

  it("at an address inside the wish", async () => {
    const { load, asked } = web({ "https://a.example/openapi.json": openApi });
    await findSource({ wish: "Build a pet module (see https://a.example/openapi.json)." }, load);
    expect(asked).toEqual(["https://a.example/openapi.json"]);
  });

  it("through a documentation page that links to it or shows it", async () => {
    const page = `<html><a href="/img/swagger.png">x</a><script>SwaggerUIBundle({ "url": "..\\/specs\\/swagger.json" })</script>`;
    const { load } = web({
      "https://a.example/docs/index.html": page,
      "https://a.example/specs/swagger.json": openApi,
    });
    expect(await findSource({ wish: "", url: "https://a.example/docs/index.html" }, load)).toMatchObject({
      origin: "found",
      url: "https://a.example/specs/swagger.json",
    });
  });

  it("at the usual places below the root, although the root answers JSON and some places cannot be reached", async () => {
    const { load } = web({
      "https://a.example/": '{"welcome":true}',
      "https://a.example/openapi.json": null,
      "https://a.example/openapi.yaml": stationsYaml,
    });
    expect(await findSource({ wish: "", url: "https://a.example/" }, load)).toMatchObject({
      kind: "openapi",
      origin: "found",
    });
  });

  it("as the reply itself, where the address names a resource", async () => {
    const { load, asked } = web({ "https://a.example/v1/people?page=1": '[{"id":1}]' });
    expect(await findSource({ wish: "", url: "https://a.example/v1/people?page=1" }, load)).toMatchObject({
      kind: "json",
      sample: [{ id: 1 }],
    });
    expect(asked).toHaveLength(1);
  });

  it("in what was pasted, without loading anything", async () => {
    const { load, asked } = web({});
    expect(await findSource({ wish: "", document: `\ufeff${openApi}` }, load)).toMatchObject({
      kind: "openapi",
      origin: "pasted",
      url: null,
    });
    expect(await findSource({ wish: "", sample: '{"a":1}', url: "https://a.example/a" }, load)).toMatchObject({
      kind: "json",
      origin: "pasted",
    });
    expect(asked).toEqual([]);
  });
});

describe("what is missing is said in a sentence", () => {
  const { load } = web({
    "https://a.example/page": "<html>hello</html>",
    "https://a.example/locked": { status: 401, text: "no" },
    "https://a.example/two": '{"swagger":"2.0","info":{"title":"x"},"paths":{}}',
    "https://a.example/broken": '{"openapi": "3.0.0",\n "info": {]',
    "https://a.example/down": null,
    "https://a.example/large": `[${"0,".repeat(600_000)}0]`,
    "https://a.example/text": "It works",
  });
  const cases: [string, Parameters<typeof findSource>[0], RegExp][] = [
    ["no address at all", { wish: "my library" }, /where the API is/],
    ["a reply without its address", { wish: "", sample: "[1]" }, /which address/],
    ["a page without a document", { wish: "", url: "https://a.example/page" }, /web page/],
    ["an API that wants a key", { wish: "", url: "https://a.example/locked" }, /wants a key/],
    ["nothing there", { wish: "", url: "https://a.example/none" }, /status 404/],
    ["OpenAPI 2", { wish: "", url: "https://a.example/two" }, /version 2\.0/],
    ["broken JSON", { wish: "", url: "https://a.example/broken" }, /not valid JSON or YAML \(line 2\)/],
    ["too large a document", { wish: "", url: "https://a.example/large" }, /larger/],
    ["something else", { wish: "", url: "https://a.example/text" }, /neither/],
    ["an address that cannot be reached", { wish: "", url: "https://a.example/down" }, /could not be reached/],
    ["a pasted text that is nothing", { wish: "", document: "hello" }, /pasted document/],
  ];
  it.each(cases)("%s", async (_, request, sentence) => {
    const error = await failureOf(findSource(request, load));
    expect(error.message).toMatch(sentence);
    if (error.code === "invalid") expect(error.hint).toBeTruthy();
  });

  it("does not let aliases of YAML multiply", async () => {
    const bomb = `openapi: 3.0.0\ninfo: {title: x}\na: &a [1,1,1,1,1,1,1,1,1]\n${"bcdefghi"
      .split("")
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join(",")}]`)
      .join("\n")}`;
    const error = await failureOf(findSource({ wish: "", document: bomb }, load));
    expect(error.message).toMatch(/not valid|larger/);
  });
});
