import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { petStore } from "./testing-documents";
import { tasks } from "./testing-documents-more";
import { generateFrom, generateOf } from "./testing";

const names = (document: unknown, wish: string) => generateFrom(document, wish).plan.operations.map(({ name }) => name);

/** A large API: one list and one thing for each of many nouns, and ways to change them. */
function large(nouns: string[]) {
  const reply = {
    "200": {
      description: "",
      content: {
        "application/json": {
          schema: { type: "array", items: { type: "object", properties: { id: { type: "string" } } } },
        },
      },
    },
  };
  const entries = nouns.flatMap((noun) => [
    [
      `/${noun}s`,
      {
        get: { operationId: `list_${noun}s`, summary: `List ${noun}s`, responses: reply },
        post: { operationId: `create_${noun}`, summary: `Create a ${noun}`, responses: reply },
      },
    ],
    [
      `/${noun}s/{${noun}_id}`,
      {
        get: { operationId: `get_${noun}`, summary: `Get a ${noun}`, responses: reply },
        delete: { operationId: `delete_${noun}`, summary: `Delete a ${noun}`, responses: reply },
      },
    ],
  ]);
  return {
    openapi: "3.0.0",
    info: { title: "Office" },
    servers: [{ url: "https://office.example" }],
    paths: Object.fromEntries(entries),
  };
}

const office = large(["invoice", "customer", "project", "order", "ticket", "comment", "folder", "meeting"]);

describe("operations are chosen by the words of the wish", () => {
  it("only those it names, of a large API", () => {
    expect(names(office, "I want to see my invoices")).toEqual(["list_invoices", "get_invoice"]);
    expect(names(office, "tickets and comments please")).toEqual([
      "list_tickets",
      "get_ticket",
      "list_comments",
      "get_comment",
    ]);
  });

  it("the simplest eight, when it names none of a large API", () => {
    expect(names(office, "make it useful")).toHaveLength(8);
    expect(names(office, "make it useful").every((name) => name.startsWith("list_"))).toBe(true);
  });

  it("all reads of a small one", () => {
    expect(names(petStore, "Build me something for my dog")).toEqual([
      "find_pets_by_status",
      "get_pet_by_id",
      "get_inventory",
      "get_health",
    ]);
  });

  it("nothing that changes anything, unless asked for that change to that thing", () => {
    for (const wish of [
      "show my orders",
      "list the meetings and order them",
      "create a module for orders",
      "orders, but never delete anything",
      "read only: create invoices",
    ])
      expect(
        names(office, wish).filter((name) => /create|delete/.test(name)),
        wish,
      ).toEqual([]);
    expect(names(office, "list invoices and create an invoice")).toContain("create_invoice");
    expect(names(office, "list invoices and create an invoice")).not.toContain("delete_invoice");
    expect(names(office, "I need to cancel meetings")).toContain("delete_meeting");
    expect(names(office, "let me order a new order")).not.toContain("delete_order");
    expect(names(tasks, "list tasks and add tasks")).toContain("create_task");
  });

  it("with the reviewer's note as part of the wish", () => {
    const request = { wish: "my invoices", changes: { digest: "x", note: "Also show customers" } };
    const { plan } = generateOf(generateFrom(office).source, request);
    expect(plan.operations.map(({ name }) => name)).toEqual([
      "list_invoices",
      "get_invoice",
      "list_customers",
      "get_customer",
    ]);
  });

  it("together with the list that gives the ids they need", () => {
    const text = { type: "string" };
    const reply = (schema: unknown) => ({ "200": { description: "", content: { "application/json": { schema } } } });
    const document = {
      openapi: "3.0.0",
      info: { title: "Transit" },
      servers: [{ url: "https://transit.example" }],
      paths: {
        "/stops": {
          get: {
            operationId: "findStops",
            summary: "Stops near you",
            responses: reply({ type: "array", items: { type: "object", properties: { id: text } } }),
          },
        },
        "/departures": {
          get: {
            operationId: "departures",
            summary: "Departures",
            parameters: [{ name: "stop_id", in: "query", required: true, schema: text }],
            responses: reply({ type: "object", properties: { at: text } }),
          },
        },
        "/fares": {
          get: {
            operationId: "fares",
            summary: "Fares",
            responses: reply({ type: "object", properties: { price: text } }),
          },
        },
      },
    };
    expect(names(document, "when is the next departure?")).toEqual(["find_stops", "departures"]);
  });
});

describe("a document that cannot become a module is refused with a sentence", () => {
  const base = { openapi: "3.0.0", info: { title: "x" }, servers: [{ url: "https://x.example" }] };
  const many = Object.fromEntries(Array.from({ length: 401 }, (_, at) => [`/a${at}`, { get: { responses: {} } }]));
  it.each([
    ["no operations", { ...base, paths: {} }, /no operations/],
    ["too many operations", { ...base, paths: many }, /401 operations/],
    [
      "only files",
      {
        ...base,
        paths: { "/a": { get: { responses: { "200": { description: "", content: { "image/png": {} } } } } } },
      },
      /can be called/,
    ],
    ["no address", { ...base, servers: undefined, paths: { "/a": { get: { responses: {} } } } }, /at which address/],
  ])("%s", (_, document, sentence) => {
    const generate = () => generateFrom(document, "", null);
    expect(generate).toThrow(AppError);
    expect(generate).toThrow(sentence);
  });
});
