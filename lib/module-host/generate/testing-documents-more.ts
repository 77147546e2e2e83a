/** More OpenAPI documents for tests: odd schemas, YAML, pages without a sign of the end. */

const ok = (schema: unknown, extra: Record<string, unknown> = {}) => ({
  "200": { description: "OK", content: { "application/json": { schema } }, ...extra },
});
const query = (name: string, schema: unknown, extra: Record<string, unknown> = {}) => ({
  name,
  in: "query",
  schema,
  ...extra,
});
const path = (name: string, schema: unknown = { type: "string" }) => ({ name, in: "path", required: true, schema });
const text = { type: "string" };
const integer = { type: "integer" };

/** The next page is in the Link header; lists without an envelope; odd names everywhere. */
export const repositories = {
  openapi: "3.0.3",
  info: { title: "Code Host", version: "1" },
  servers: [{ url: "https://code.example" }],
  components: { securitySchemes: { basic: { type: "http", scheme: "basic" } } },
  security: [{ basic: [] }],
  paths: {
    "/users/{user-name}/repos.json": {
      get: {
        operationId: "repos/list-for-user",
        summary: "List a user's repositories.",
        parameters: [
          path("user-name"),
          query("per_page", integer, { description: "Results per page (max 100)" }),
          query("page", integer),
          query("sort[by]", { type: "string", enum: ["created", "updated"] }),
          { name: "accept-version", in: "header", schema: text },
        ],
        responses: ok(
          {
            type: "array",
            items: {
              type: "object",
              required: ["full name"],
              properties: {
                "full name": text,
                "stars-count": integer,
                constructor: text,
                owner: {
                  type: "object",
                  required: ["login"],
                  properties: { login: text, email: { type: "string", format: "email" } },
                },
                private: { type: "boolean" },
                delete: text,
              },
            },
          },
          { headers: { Link: { schema: text } } },
        ),
      },
    },
    "/search": {
      get: {
        operationId: "search",
        parameters: [query("q", text, { required: true })],
        responses: ok({ description: "anything" }),
      },
    },
  },
};

/** allOf, oneOf, cycles, maps, deep nesting, numbers of unknown kind, and the last id as cursor. */
export const tasks = {
  openapi: "3.1.0",
  info: { title: "Tasks", version: "1" },
  servers: [{ url: "https://tasks.example/api" }],
  paths: {
    "/tasks": {
      get: {
        operationId: "listTasks",
        summary: "List tasks",
        parameters: [
          query("starting_after", text),
          query("limit", { type: "integer", minimum: 1, maximum: 100 }),
          query("state", { type: ["string", "null"], enum: ["open", "done", null] }),
        ],
        responses: ok({
          type: "object",
          required: ["data", "has_more"],
          properties: {
            data: { type: "array", items: { $ref: "#/components/schemas/Task" } },
            has_more: { type: "boolean" },
          },
        }),
      },
      post: {
        operationId: "createTask",
        summary: "Create a task",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/NewTask" } } },
        },
        responses: {
          "201": {
            description: "made",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Task" } } },
          },
        },
      },
    },
    "/tasks/{task_id}/tree": {
      get: {
        operationId: "getTaskTree",
        parameters: [path("task_id", { type: "string", format: "uuid" })],
        responses: ok({ $ref: "#/components/schemas/Node" }),
      },
    },
  },
  components: {
    schemas: {
      Base: {
        type: "object",
        required: ["id"],
        properties: { id: text, created_at: { type: "string", format: "date-time" } },
      },
      NewTask: {
        type: "object",
        required: ["title"],
        properties: {
          title: { type: "string", minLength: 1, maxLength: 80 },
          priority: { type: "integer", enum: [1, 2, 3] },
          labels: { type: "array", items: text },
          due: { anyOf: [{ type: "string", format: "date" }, { type: "null" }] },
          assignee: {
            type: "object",
            properties: { email: { type: "string", format: "email" }, "display name": text },
          },
        },
      },
      Task: {
        allOf: [
          { $ref: "#/components/schemas/Base" },
          { $ref: "#/components/schemas/NewTask" },
          {
            type: "object",
            required: ["state"],
            properties: {
              state: { const: "open" },
              parent: { $ref: "#/components/schemas/Task" },
              extra: { type: "object", additionalProperties: true },
              target: {
                oneOf: [
                  { type: "object", required: ["kind", "url"], properties: { kind: text, url: text } },
                  { type: "object", required: ["kind"], properties: { kind: text, person: text } },
                ],
              },
              estimate: { type: ["integer", "string"] },
            },
          },
        ],
      },
      Node: {
        type: "object",
        required: ["id", "children"],
        properties: {
          id: text,
          children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
          weights: { type: "array", items: { type: "array", items: { type: "number" } } },
        },
      },
    },
  },
};

/** YAML as people write it, with an anchor, OAuth for machines and the next page's address in the reply. */
export const stationsYaml = `
openapi: 3.0.1
info: { title: Bike Stations, version: "1.0", description: "Bikes in the city." }
servers: [{ url: "https://bikes.example/" }]
x-text: &text { type: string }
components:
  securitySchemes:
    machine:
      type: oauth2
      flows: { clientCredentials: { tokenUrl: /oauth/token, scopes: { "stations:read": Read } } }
security: [{ machine: ["stations:read"] }]
paths:
  /stations:
    get:
      operationId: getStations
      summary: All stations
      parameters: [{ name: city, in: query, schema: *text }]
      responses:
        200:
          description: OK
          content:
            application/json:
              schema:
                type: object
                properties:
                  stations:
                    type: array
                    items: { type: object, required: [id, name], properties: { id: *text, name: *text, free_bikes: { type: integer }, latitude: { type: number }, longitude: { type: number } } }
                  next: { type: string, format: uri, nullable: true }
                  count: { type: integer }
              example:
                stations: [{ id: s-1, name: Main Square, free_bikes: 4, latitude: 52.5, longitude: 13.4 }, { id: s-2, name: Old Bridge, free_bikes: 0, latitude: 52.6, longitude: 13.5 }]
                count: 3
`;

/** Calendar events, page numbers with no sign of the end. */
export const agenda = {
  openapi: "3.0.0",
  info: { title: "Agenda Service", version: "1" },
  servers: [{ url: "https://agenda.example" }],
  paths: {
    "/events": {
      get: {
        operationId: "listEvents",
        summary: "List the events of your calendar",
        parameters: [
          query("page", { type: "integer", default: 0 }),
          query("page_size", { type: "integer", default: 20 }),
        ],
        responses: ok({
          type: "array",
          items: {
            type: "object",
            required: ["id", "title", "starts_at", "ends_at"],
            properties: {
              id: integer,
              title: text,
              starts_at: { type: "string", format: "date-time" },
              ends_at: { type: "string", format: "date-time", example: "2026-11-24T10:00:00+02:00" },
              location: { type: "string", nullable: true },
            },
          },
        }),
      },
    },
  },
};
