import "@/lib/sandbox/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type ModuleManifest, moduleManifestSchema } from "@/lib/contracts/module";
import { createLibraryService, sampleLibraryKey } from "@/lib/demo/library-service";
import { json, type SampleService, serveSample } from "@/lib/demo/serve";
import { createWeatherService } from "@/lib/demo/weather-service";
import { sendConnectionRequest } from "@/lib/egress/connection-request";
import { compileModule } from "@/lib/sandbox/compile";
import { createSandbox } from "@/lib/sandbox/host";
import { checkModule } from "../check";
import { describeOutputFault } from "../validate-output";
import { generateModule } from "./generate";
import { agenda, repositories } from "./testing-documents-more";
import { generateFrom } from "./testing";

const noon = () => new Date("2026-11-24T12:00:00Z");
const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function serve(service: SampleService): Promise<string> {
  const server = await serveSample(service, 0);
  running.push(server);
  return server.origin;
}

async function load(url: string) {
  const response = await fetch(url);
  return {
    status: response.status,
    contentType: response.headers.get("content-type") ?? "",
    text: await response.text(),
    url: response.url,
  };
}

/** Calls an operation in the sandbox; its requests go over real HTTP, with the credential added outside. */
async function callLive(
  files: Record<string, string>,
  operation: string,
  input: unknown,
  credentials: Record<string, string> = {},
) {
  const manifest: ModuleManifest = moduleManifestSchema.parse(JSON.parse(files["manifest.json"] ?? ""));
  const compiled = await compileModule(files);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
  const result = await sandbox.run({
    code: compiled.code,
    operation,
    inputJson: JSON.stringify(input),
    connections: Object.keys(manifest.connections),
    now: noon().toISOString(),
    onRequest: async (name, request, signal) => {
      const connection = manifest.connections[name];
      if (!connection) throw new Error(`no connection ${name}`);
      const allow = [new URL(connection.baseUrl).host];
      return (await sendConnectionRequest({ connection, request, credentials, tokenScope: "test", signal, allow }))
        .response;
    },
  });
  if (result.ok) expect(describeOutputFault(manifest, operation, result.value)).toBeNull();
  return result;
}

describe("a generated module against a real service", () => {
  it("reads every page of the sample library, shows a book and places a hold", async () => {
    const origin = await serve(createLibraryService(noon));
    const wish = `Build me a library module that lists my loans, shows a book and places a hold: ${origin}`;
    const { plan, files } = await generateModule({ request: { wish }, load });
    expect(plan.hosts).toEqual([new URL(origin).host]);
    const key = { api_key: sampleLibraryKey };
    const loans = await callLive(files, "list_loans", {}, key);
    expect(loans).toMatchObject({
      ok: true,
      value: {
        complete: true,
        items: { length: 7, 6: { book: { title: "The Tale of Genji" }, due_on: "2026-12-02" } },
      },
    });
    expect(await callLive(files, "list_loans", { max_items: 5 }, key)).toMatchObject({
      ok: true,
      value: { complete: false, items: { length: 5 } },
    });
    expect(await callLive(files, "get_book", { bookId: "b-105" }, key)).toMatchObject({
      ok: true,
      value: { author: "Stanisław Lem" },
    });
    expect(await callLive(files, "place_hold", { book_id: "b-104" }, key)).toMatchObject({
      ok: true,
      value: { id: "hold-1" },
    });
    expect(await callLive(files, "list_holds", {}, key)).toMatchObject({
      ok: true,
      value: { items: [{ book_id: "b-104" }] },
    });
    expect(await callLive(files, "get_book", { bookId: "b-999" }, key)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/404/) },
    });
    expect(await callLive(files, "list_loans", {}, { api_key: "wrong" })).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/401/) },
    });
  });

  it("gives the weather of the sample service in canonical form", async () => {
    const origin = await serve(createWeatherService(noon));
    const { files } = await generateModule({ request: { wish: "the weather", url: `${origin}/openapi.json` }, load });
    expect(await callLive(files, "get_current_weather", { place: "tokyo" })).toMatchObject({
      ok: true,
      value: { items: [{ at: "2026-11-24T12:00:00.000Z", location: { name: "Tokyo" } }] },
    });
    expect(await callLive(files, "get_forecast", { place: "berlin", days: 3 })).toMatchObject({
      ok: true,
      value: { items: { length: 3 } },
    });
    expect(await callLive(files, "search_places", { search: "lis" })).toMatchObject({
      ok: true,
      value: { items: [{ id: "lisbon" }] },
    });
  });

  it("follows Link headers, takes only their parameters, and stops at a service that repeats itself", async () => {
    const asked: string[] = [];
    const origin = await serve(async (request) => {
      const url = new URL(request.url);
      asked.push(`${url.pathname}${url.search}`);
      const page = Number(url.searchParams.get("page") ?? "1");
      const link: Record<string, string> =
        page < 3
          ? { link: `<https://elsewhere.example/other?page=${page + 1}&q=a%20b%26c>; rel="next", <x>; rel="last"` }
          : {};
      return json([{ "full name": `repo ${page}` }], 200, link);
    });
    const { files } = generateFrom({ ...repositories, components: {}, security: [], servers: [{ url: origin }] });
    const result = await callLive(files, "repos_list_for_user", { user_name: "ä b" });
    expect(result).toMatchObject({ ok: true, value: { complete: true, items: [{}, {}, { "full name": "repo 3" }] } });
    expect(asked).toEqual([
      "/users/%C3%A4%20b/repos.json?per_page=100",
      "/users/%C3%A4%20b/repos.json?page=2&q=a+b%26c",
      "/users/%C3%A4%20b/repos.json?page=3&q=a+b%26c",
    ]);
    const stuck = await serve(async () =>
      json([{ id: 1, title: "x", starts_at: "2026-11-24T10:00:00Z", ends_at: "2026-11-24T11:00:00Z" }]),
    );
    const { files: events } = generateFrom({ ...agenda, servers: [{ url: stuck }] });
    expect(await callLive(events, "list_events", {})).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/same page/) },
    });
  });

  it("learns from one reply of an address that answers JSON", async () => {
    const origin = await serve(async (request) =>
      json({ place: "Berlin", asked: new URL(request.url).search, readings: [{ id: "r1", value: 1.5, note: null }] }),
    );
    const { plan, files } = await generateModule({
      request: { wish: "sensor readings", url: `${origin}/v1/sensors/12/readings?unit=c` },
      load,
    });
    expect(plan.source).toBe("json");
    const [operation] = plan.operations;
    expect(await callLive(files, operation?.name ?? "", { unit: "f", sensor_id: "13" })).toMatchObject({
      ok: true,
      value: { place: "Berlin", asked: "?unit=f" },
    });
  });
});

describe("the tests of a generated module", () => {
  const changes: [string, string, string][] = [
    ["another path", 'path: "/v1/loans"', 'path: "/v1/loan"'],
    ["a parameter that is not sent", "query: { cursor }", "query: {}"],
    ["a page that is not read", "const next = reply.next_cursor;", "const next = undefined;"],
    ["another field", 'required("title", asText)', 'required("author", asText)'],
    ["a missing check of the status", "return ensureOk(response, serviceName);", "return response;"],
    ["an ignored waiting time", "response.status === 429", "response.status === 430"],
    [
      "an input in the wrong place",
      "encodeURIComponent(input.bookId)",
      "encodeURIComponent(String(input.bookId.length))",
    ],
  ];
  it.each(changes)("notice %s", async (_, before, after) => {
    const document = await (
      await createLibraryService(noon)(new Request("https://library.example/openapi.json"))
    ).json();
    const { files } = generateFrom(document);
    const adapter = files["adapter.ts"] ?? "";
    expect(adapter).toContain(before);
    const { report } = await checkModule({ ...files, "adapter.ts": adapter.replace(before, () => after) }, { sandbox });
    expect(report.ok).toBe(false);
    expect(report.findings.every(({ code }) => code === "test_failed")).toBe(true);
  });
});
