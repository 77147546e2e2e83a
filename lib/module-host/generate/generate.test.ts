import "@/lib/sandbox/testing";
import { afterAll, describe, expect, it } from "vitest";
import { createLibraryService } from "@/lib/demo/library-service";
import { createWeatherService } from "@/lib/demo/weather-service";
import { createSandbox } from "@/lib/sandbox/host";
import { readDocument } from "./read-document";
import { bank, movies, petStore } from "./testing-documents";
import { agenda, repositories, stationsYaml, tasks } from "./testing-documents-more";
import { type Generated, generateFrom, generateOf, prove } from "./testing";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

/** Types, compilation, tests in the sandbox, contract; every operation tested and giving what its schema says. */
async function proveAll(generated: Generated, wish = "") {
  const proof = await prove(sandbox, generated, { wish });
  expect(proof.checked.report.findings).toEqual([]);
  expect(proof.faults).toEqual([]);
  expect(proof.checked.report.ok).toBe(true);
  expect([...proof.checked.report.coverage.tested].sort()).toEqual(Object.keys(proof.manifest.operations).sort());
  expect(proof.checked.report.tests.length).toBeGreaterThanOrEqual(proof.checked.report.coverage.operations);
  for (const operation of Object.values(proof.manifest.operations))
    if (operation.kind === "tool") expect(operation.questions.length).toBeGreaterThanOrEqual(3);
  return proof;
}

async function readDocumentOf(service: (request: Request) => Promise<Response>, origin: string): Promise<unknown> {
  return (await service(new Request(`${origin}/openapi.json`))).json();
}

describe("a generated module passes the whole check", () => {
  it("for a pet store: enums, references, text replies, an API key among other schemes", async () => {
    const generated = generateFrom(petStore);
    const { manifest } = await proveAll(generated);
    expect(manifest.connections.petstore).toMatchObject({
      baseUrl: "https://eu.pets.example/v3",
      auth: { kind: "api_key", in: "header", name: "api_key" },
      methods: ["GET"],
    });
    expect(Object.keys(manifest.operations)).toEqual([
      "find_pets_by_status",
      "get_pet_by_id",
      "get_inventory",
      "get_health",
    ]);
    expect(generated.plan).toMatchObject({ name: "petstore", source: "openapi", hosts: ["eu.pets.example"] });
  });

  it("for a pet store whose pets are to be added, changed and deleted", async () => {
    const wish = "Build me a module to add new pets, update a pet and delete pets";
    const { manifest } = await proveAll(generateFrom(petStore, wish), wish);
    expect(manifest.operations.add_pet?.effect).toBe("write");
    expect(manifest.operations.delete_pet?.effect).toBe("destroy");
    expect(manifest.connections.petstore?.methods).toEqual(expect.arrayContaining(["POST", "DELETE"]));
  });

  it("for a key in the query and numbered pages", async () => {
    const { manifest, results } = await proveAll(generateFrom(movies));
    expect(manifest.connections.movie_database?.auth).toMatchObject({ kind: "api_key", in: "query", name: "api_key" });
    expect(manifest.connections.movie_database?.baseUrl).toBe("https://api.example.com/3");
    expect(manifest.operations.list_movies?.input).toMatchObject({ required: ["query"] });
    expect(results.list_movies).toMatchObject({ total: 3, complete: true, items: [{}, {}, {}] });
  });

  it("for a bearer token, offsets and transactions whose sign is documented", async () => {
    const { manifest, results } = await proveAll(generateFrom(bank));
    expect(manifest.connections.ledger?.auth.kind).toBe("bearer");
    expect(manifest.operations.list_transactions?.canonical).toBe("FinancialTransaction");
    expect(manifest.operations.pull_transactions).toMatchObject({ kind: "pull", effect: "read" });
    expect(results.list_transactions).toMatchObject({
      items: [{ amount: { amountMinor: -1234, currency: "EUR" } }, {}, {}],
      total: 3,
    });
    expect(results.pull_transactions).toEqual(results.list_transactions);
  });

  it("for a Link header, bare lists and names that are no names in code", async () => {
    const { manifest, results } = await proveAll(generateFrom(repositories));
    expect(manifest.connections.code_host?.auth).toEqual({ kind: "basic", username: "username", password: "password" });
    expect(manifest.operations.repos_list_for_user?.input.required).toEqual(["user_name"]);
    expect(results.repos_list_for_user).toMatchObject({
      complete: true,
      items: [{ owner: { email: "person@example.com" } }, {}, {}],
    });
  });

  it("for allOf, oneOf, cycles, maps and the last id as cursor", async () => {
    const wish = "list tasks, show the tree of a task and create tasks";
    const { manifest, results } = await proveAll(generateFrom(tasks, wish), wish);
    expect(Object.keys(manifest.operations)).toEqual(["list_tasks", "create_task", "get_task_tree"]);
    expect(manifest.operations.create_task?.input.required).toEqual(["title"]);
    expect(results.list_tasks).toMatchObject({ items: [{ state: "open" }, {}, {}], complete: true });
  });

  it("for YAML, OAuth for machines and the next page's address in the reply", async () => {
    const read = readDocument(stationsYaml);
    if (read.kind !== "openapi") throw new Error(read.kind);
    const { manifest, results } = await proveAll(generateFrom(read.document));
    expect(manifest.connections.bike_stations?.auth).toMatchObject({
      kind: "oauth2_client_credentials",
      tokenUrl: "https://bikes.example/oauth/token",
      scope: "stations:read",
    });
    expect(results.get_stations).toMatchObject({
      items: [{ id: "s-1", name: "Main Square" }, { id: "s-2" }, {}],
      total: 3,
      complete: true,
    });
  });

  it("for calendar events on pages without a sign of the end", async () => {
    const { manifest, results } = await proveAll(generateFrom(agenda));
    expect(manifest.category).toBe("calendar");
    expect(manifest.operations.list_events?.canonical).toBe("CalendarEvent");
    expect(results.pull_events).toMatchObject({
      items: [{ id: "101", end: { at: "2026-11-24T08:00:00.000Z", timeZone: "UTC" } }, {}, {}],
    });
  });

  it("for examples that are none", async () => {
    const document = JSON.parse(JSON.stringify(agenda).replaceAll("2026-11-24T10:00:00+02:00", "string"));
    const { manifest } = await proveAll(generateFrom(document));
    expect(manifest.operations.list_events?.canonical).toBe("CalendarEvent");
    const odd = JSON.parse(JSON.stringify(bank).replaceAll("-12.34", "12,34 Euro"));
    const { manifest: plain } = await proveAll(generateFrom(odd));
    expect(plain.operations.list_transactions?.canonical).toBeUndefined();
    expect(plain.operations.pull_transactions).toBeUndefined();
  });

  it("for a real reply that is a calendar", async () => {
    const sample = {
      events: [1, 2, 3].map((id) => ({
        id: `e${id}`,
        title: "Lunch",
        start: `2026-11-0${id}T12:00:00+01:00`,
        end: `2026-11-0${id}T13:00:00+01:00`,
        location: null,
      })),
    };
    const { manifest, results } = await proveAll(
      generateOf({ kind: "json", sample, url: "https://cal.example/v1/events", origin: "given" }, { wish: "" }),
    );
    expect(manifest.operations.list_events?.canonical).toBe("CalendarEvent");
    expect(results.pull_events).toMatchObject({ items: [{ start: { at: "2026-11-01T11:00:00.000Z" } }, {}, {}] });
  });

  it("for the sample weather, as canonical weather", async () => {
    const { manifest, results } = await proveAll(
      generateFrom(await readDocumentOf(createWeatherService(), "https://weather.example")),
    );
    expect(manifest.operations.get_current_weather?.canonical).toBe("WeatherData");
    expect(manifest.operations.get_forecast?.canonical).toBe("WeatherForecast");
    expect(results.get_current_weather).toMatchObject({
      items: [{ temperatureCelsius: 7.4, condition: "clouds", location: { name: "Berlin" } }],
    });
  });

  it("for the sample library, with its key in a header and a cursor", async () => {
    const wish = "a library module that lists my loans, shows a book and places holds";
    const { manifest } = await proveAll(
      generateFrom(await readDocumentOf(createLibraryService(), "https://library.example"), wish),
      wish,
    );
    expect(manifest).toMatchObject({
      category: "books",
      name: "library",
      credentials: [{ name: "api_key", label: "Sample Library API key" }],
    });
    expect(Object.keys(manifest.operations)).toEqual(["list_loans", "get_book", "list_holds", "place_hold"]);
    // The key of a repetition is set by Burgeon; it is no input of the operation.
    expect(manifest.operations.place_hold).toMatchObject({ effect: "write", idempotencyHeader: "Idempotency-Key" });
    expect(JSON.stringify(manifest.operations.place_hold?.input)).not.toMatch(/idempotency/i);
    expect(manifest.operations.get_book?.questions).toContain("Tell me about book {bookId}");
  });

  it("for one real reply", async () => {
    const sample = {
      count: 42,
      next: "https://swapi.example/api/people/?page=2",
      results: Array.from({ length: 9 }, (_, index) => ({
        name: `Person ${index}`,
        height: index % 2 ? null : "172",
        token: "abc",
        email: "real@person.org",
        films: ["https://swapi.example/api/films/1/"],
      })),
    };
    const request = { wish: "Who is in the story?" };
    const generated = generateOf(
      { kind: "json", sample, url: "https://swapi.example/api/people/?search=r2&api_key=SECRET", origin: "given" },
      request,
    );
    const { manifest, results } = await proveAll(generated, request.wish);
    expect(JSON.stringify(generated.files)).not.toMatch(/SECRET|real@person/);
    expect(manifest).toMatchObject({
      name: "swapi",
      provenance: { kind: "json", source: "https://swapi.example/api/people/" },
    });
    expect(manifest.connections.swapi?.auth).toMatchObject({ kind: "api_key", in: "query", name: "api_key" });
    expect(results.list_people).toMatchObject({ complete: true });
  });

  it("for a real reply that is one thing with an id in its address", async () => {
    const generated = generateOf(
      {
        kind: "json",
        sample: { id: 7, title: "x", userId: 1, done: false, tags: [] },
        url: "https://todo.example/todos/7",
        origin: "pasted",
      },
      { wish: "" },
    );
    const { manifest, results } = await proveAll(generated);
    expect(manifest.operations.get_todo?.input.properties).toHaveProperty("todo_id");
    expect(results.get_todo).toEqual({ id: 7, title: "x", userId: 1, done: false, tags: [] });
  });

  it("byte for byte the same each time", () => {
    expect(generateFrom(tasks, "list tasks").files).toEqual(generateFrom(tasks, "list tasks").files);
  });
});
