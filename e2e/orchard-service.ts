import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const orchardKey = "orchard-secret-key-93127";

export interface OrchardService {
  origin: string;
  document: string;
  /** How often it was asked with the right key. */
  served(): number;
  close(): Promise<void>;
}

const trees = Array.from({ length: 5 }, (_, n) => ({
  id: `tree-${n + 1}`,
  variety: ["Boskoop", "Elstar", "Gravensteiner", "Jonagold", "Topaz"][n],
  location: { row: n + 1, soil: { type: n % 2 ? "loam" : "clay", ph: 6.1 + n / 10 } },
  harvestKg: 40 + n * 7,
}));

/** An API that Burgeon's repository knows nothing of: a key in a header, pages by cursor, objects in objects. */
export async function startOrchard({ extraOperation = false } = {}): Promise<OrchardService> {
  let served = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/openapi.json") return send(200, writeDocument(extraOperation));
    if (request.headers["x-orchard-key"] !== orchardKey) return send(401, { message: "no such key" });
    served += 1;
    if (url.pathname === "/v1/trees") {
      const from = Number(url.searchParams.get("cursor") ?? "0");
      const next = from + 3 < trees.length ? String(from + 3) : null;
      return send(200, { data: trees.slice(from, from + 3), paging: { next_cursor: next } });
    }
    const tree = trees.find(({ id }) => url.pathname === `/v1/trees/${id}`);
    return tree ? send(200, tree) : send(404, { message: "no such tree" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    document: `${origin}/openapi.json`,
    served: () => served,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function writeDocument(extraOperation: boolean): unknown {
  const reply = (schema: unknown) => ({
    "200": { description: "OK", content: { "application/json": { schema } } },
    "401": { description: "Wrong key" },
  });
  const ref = { $ref: "#/components/schemas/Tree" };
  return {
    openapi: "3.0.3",
    info: {
      title: "Orchard",
      version: extraOperation ? "2.0.0" : "1.0.0",
      description: "Apple trees and their harvest.",
    },
    servers: [{ url: "/v1" }],
    security: [{ orchardKey: [] }],
    paths: {
      "/trees": {
        get: {
          operationId: "listTrees",
          summary: "List all trees of the orchard",
          parameters: [{ name: "cursor", in: "query", schema: { type: "string" } }],
          responses: reply({
            type: "object",
            required: ["data", "paging"],
            properties: {
              data: { type: "array", items: ref },
              paging: { type: "object", properties: { next_cursor: { type: "string", nullable: true } } },
            },
          }),
        },
      },
      ...(extraOperation
        ? {
            "/trees/{treeId}": {
              get: {
                operationId: "getTree",
                summary: "Get one tree",
                parameters: [
                  { name: "treeId", in: "path", required: true, schema: { type: "string" }, example: "tree-1" },
                ],
                responses: reply(ref),
              },
            },
          }
        : {}),
    },
    components: {
      securitySchemes: { orchardKey: { type: "apiKey", in: "header", name: "X-Orchard-Key" } },
      schemas: {
        Tree: {
          type: "object",
          required: ["id", "variety", "location", "harvestKg"],
          properties: {
            id: { type: "string" },
            variety: { type: "string" },
            location: {
              type: "object",
              properties: {
                row: { type: "integer" },
                soil: { type: "object", properties: { type: { type: "string" }, ph: { type: "number" } } },
              },
            },
            harvestKg: { type: "number" },
          },
        },
      },
    },
  };
}
