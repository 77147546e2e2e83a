/** OpenAPI documents for tests, each with what makes one kind of API awkward. */

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

/** The classic: references, enums, a form, a header parameter, several servers, two writes. */
export const petStore = {
  openapi: "3.0.3",
  info: { title: "Swagger Petstore API", version: "1.0.0", description: "Pets & orders. */ alert(1) /* `${x}`" },
  servers: [
    { url: "http://sandbox.pets.example/v3", description: "Sandbox" },
    { url: "https://{region}.pets.example/v3/", variables: { region: { default: "eu", enum: ["eu", "us"] } } },
  ],
  security: [{ petAuth: ["read"] }, { api_key: [] }],
  components: {
    securitySchemes: {
      petAuth: {
        type: "oauth2",
        flows: { implicit: { authorizationUrl: "https://pets.example/auth", scopes: { read: "" } } },
      },
      api_key: { type: "apiKey", name: "api_key", in: "header" },
    },
    schemas: {
      Category: { type: "object", properties: { id: integer, name: text } },
      Pet: {
        type: "object",
        required: ["name", "photoUrls"],
        properties: {
          id: { type: "integer", format: "int64", example: 10, readOnly: true },
          name: { type: "string", example: "doggie" },
          category: { $ref: "#/components/schemas/Category" },
          photoUrls: { type: "array", items: { type: "string", format: "uri" } },
          status: { type: "string", enum: ["available", "pending", "sold"] },
          class: { type: "string", nullable: true },
        },
      },
      Error: { type: "object", properties: { message: text } },
    },
    responses: {
      Pet: { description: "A pet", content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
    },
  },
  paths: {
    "/pet/findByStatus": {
      get: {
        operationId: "findPetsByStatus",
        summary: "Finds Pets by status",
        tags: ["pet"],
        parameters: [
          query(
            "status",
            { type: "array", items: { type: "string", enum: ["available", "pending", "sold"] } },
            { required: true, explode: false },
          ),
          { name: "X-Request-Language", in: "header", schema: text },
        ],
        responses: ok({ type: "array", items: { $ref: "#/components/schemas/Pet" } }),
      },
    },
    "/pet/{petId}": {
      parameters: [path("petId", integer)],
      get: {
        operationId: "getPetById",
        summary: "Find pet by ID",
        tags: ["pet"],
        responses: { "200": { $ref: "#/components/responses/Pet" } },
      },
      post: {
        operationId: "updatePetWithForm",
        summary: "Updates a pet in the store with form data",
        tags: ["pet"],
        requestBody: {
          required: true,
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", required: ["name"], properties: { name: text, status: text } },
            },
          },
        },
        responses: { "204": { description: "done" } },
      },
      delete: {
        operationId: "deletePet",
        summary: "Deletes a pet",
        tags: ["pet"],
        responses: { "200": { description: "gone" } },
      },
    },
    "/pet": {
      post: {
        operationId: "addPet",
        summary: "Add a new pet to the store",
        tags: ["pet"],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } },
        },
        responses: { "201": { $ref: "#/components/responses/Pet" } },
      },
    },
    "/store/inventory": {
      get: {
        operationId: "getInventory",
        summary: "Returns pet inventories by status",
        responses: ok({ type: "object", additionalProperties: integer }),
      },
    },
    "/pet/{petId}/uploadImage": {
      post: {
        operationId: "uploadFile",
        requestBody: { required: true, content: { "application/octet-stream": {} } },
        parameters: [path("petId", integer)],
        responses: ok({ type: "object" }),
      },
    },
    "/health": {
      get: {
        summary: "Is it up?",
        responses: { "200": { description: "ok", content: { "text/plain": { schema: text } } } },
      },
    },
  },
};

/** Key in the query, page numbers with a total number of pages, a parameter that must be sent and has one value. */
export const movies = {
  openapi: "3.0.0",
  info: { title: "Movie Database API", version: "3" },
  servers: [{ url: "/3" }],
  components: {
    securitySchemes: {
      key: { type: "apiKey", in: "query", name: "api_key", description: "Get one at https://movies.example/settings." },
    },
  },
  paths: {
    "/search/movie": {
      get: {
        summary: "Search movies",
        security: [{ key: [] }],
        parameters: [
          query("query", text, { required: true, example: "Solaris" }),
          query("page", { type: "integer", minimum: 1, default: 1 }),
          query("language", { type: "string", default: "en-US" }, { required: true }),
          query("format", { type: "string", enum: ["json"] }, { required: true }),
          query("api_key", text, { required: true }),
        ],
        responses: ok({
          type: "object",
          required: ["page", "results"],
          properties: {
            page: integer,
            results: {
              type: "array",
              items: {
                type: "object",
                required: ["id", "title"],
                properties: {
                  id: integer,
                  title: text,
                  release_date: { type: "string", format: "date" },
                  vote_average: { type: "number" },
                },
              },
            },
            total_pages: integer,
            total_results: integer,
          },
        }),
      },
    },
    "/movie/{movie_id}": {
      get: {
        operationId: "movie-details",
        parameters: [path("movie_id", integer)],
        responses: ok({
          type: "object",
          properties: { id: integer, title: text, imdb_id: { type: "string", nullable: true } },
        }),
      },
    },
  },
};

/** Bearer token, offset and limit with a total, an envelope, a transaction whose sign is documented. */
export const bank = {
  openapi: "3.1.0",
  info: { title: "Ledger", version: "1" },
  servers: [{ url: "https://api.ledger.example/v2" }],
  security: [{ token: [] }],
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: {
      Transaction: {
        type: "object",
        required: ["id", "booked_at", "amount", "currency", "merchant", "account_id"],
        properties: {
          id: text,
          booked_at: { type: "string", format: "date-time" },
          amount: {
            type: "string",
            description: "Decimal amount. Negative for payments and withdrawals.",
            example: "-12.34",
          },
          currency: { type: "string", description: "ISO 4217", example: "EUR" },
          merchant: text,
          account_id: text,
          pending: { type: "boolean" },
          note: { type: ["string", "null"] },
        },
      },
    },
  },
  paths: {
    "/transactions": {
      get: {
        operationId: "transactions.list",
        summary: "List transactions",
        parameters: [
          query("limit", { type: "integer", maximum: 50 }),
          query("offset", integer),
          query("since", { type: "string", format: "date" }),
          query("account_ids", { type: "array", items: text }),
        ],
        responses: ok({
          type: "object",
          required: ["data", "meta"],
          properties: {
            data: { type: "array", items: { $ref: "#/components/schemas/Transaction" } },
            meta: {
              type: "object",
              required: ["total"],
              properties: { total: integer, offset: integer, limit: integer },
            },
          },
        }),
      },
    },
    "/transactions/{id}": {
      get: {
        operationId: "transactions.get",
        parameters: [path("id")],
        responses: ok({ $ref: "#/components/schemas/Transaction" }),
      },
    },
  },
};
