import { json, problem, type SampleService } from "./serve";

/** The key of the sample library. It opens nothing but made-up data on loopback, so it may be shown. */
export const sampleLibraryKey = "sample-library-key-4711";

interface Book {
  id: string;
  title: string;
  author: string;
  year: number;
}

const books: Book[] = [
  { id: "b-101", title: "The Left Hand of Darkness", author: "Ursula K. Le Guin", year: 1969 },
  { id: "b-102", title: "Kindred", author: "Octavia E. Butler", year: 1979 },
  { id: "b-103", title: "The Dispossessed", author: "Ursula K. Le Guin", year: 1974 },
  { id: "b-104", title: "Invisible Cities", author: "Italo Calvino", year: 1972 },
  { id: "b-105", title: "Solaris", author: "Stanisław Lem", year: 1961 },
  { id: "b-106", title: "Middlemarch", author: "George Eliot", year: 1871 },
  { id: "b-107", title: "The Tale of Genji", author: "Murasaki Shikibu", year: 1021 },
];

const pageSize = 4;

interface Hold {
  id: string;
  book_id: string;
  placed_at: string;
}

/**
 * A made-up lending library: key in a header, cursor paging, nested replies, one write. Holds are kept while it runs, and the
 * same Idempotency-Key places one hold, however often it comes.
 */
export function createLibraryService(now: () => Date = () => new Date()): SampleService {
  const holds: Hold[] = [];
  const placed = new Map<string, Hold>();
  const today = now();
  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/openapi.json") return json(libraryDocument(url.origin));
    if (request.headers.get("x-library-key") !== sampleLibraryKey)
      return problem(401, "bad_key", "The library key is missing or wrong");
    const route = `${request.method} ${url.pathname}`;
    if (route === "GET /v1/loans") return listLoans(url, today);
    if (route === "GET /v1/holds") return json({ holds });
    if (route === "POST /v1/holds") return placeHold(request, holds, placed, now());
    const match = /^GET \/v1\/books\/([^/]+)$/.exec(route);
    const book = match && books.find((candidate) => candidate.id === decodeURIComponent(match[1] ?? ""));
    if (book) return json({ ...book, copies: { total: 3, available: book.year % 3 } });
    return problem(404, "not_found", "No such resource");
  };
}

function listLoans(url: URL, today: Date): Response {
  const start = Number(url.searchParams.get("cursor") ?? "0");
  if (!Number.isInteger(start) || start < 0) return problem(400, "bad_cursor", "That cursor is not one of ours");
  const loans = books.slice(start, start + pageSize).map((book, index) => ({
    id: `loan-${book.id.slice(2)}`,
    book: { id: book.id, title: book.title, author: book.author },
    due_on: new Date(today.getTime() + (start + index + 2) * 86_400_000).toISOString().slice(0, 10),
    renewals: (start + index) % 3,
  }));
  const next = start + pageSize < books.length ? String(start + pageSize) : null;
  return json({ loans, next_cursor: next });
}

async function placeHold(request: Request, holds: Hold[], placed: Map<string, Hold>, at: Date): Promise<Response> {
  const key = request.headers.get("idempotency-key");
  const before = key === null ? undefined : placed.get(key);
  if (before) return json(before, 201);
  const body: unknown = JSON.parse((await request.text()) || "null");
  const bookId = body && typeof body === "object" && "book_id" in body ? body.book_id : undefined;
  const book = books.find((candidate) => candidate.id === bookId);
  if (!book) return problem(422, "unknown_book", "book_id names no book of this library");
  const hold = { id: `hold-${holds.length + 1}`, book_id: book.id, placed_at: at.toISOString() };
  holds.push(hold);
  if (key !== null) placed.set(key, hold);
  return json(hold, 201);
}

const loanSchema = {
  type: "object",
  required: ["id", "book", "due_on"],
  properties: {
    id: { type: "string", example: "loan-101" },
    book: {
      type: "object",
      required: ["id", "title"],
      properties: {
        id: { type: "string", example: "b-101" },
        title: { type: "string", example: "The Left Hand of Darkness" },
        author: { type: "string", example: "Ursula K. Le Guin" },
      },
    },
    due_on: { type: "string", format: "date", example: "2026-12-01" },
    renewals: { type: "integer", example: 1 },
  },
};

const holdSchema = {
  type: "object",
  required: ["id", "book_id"],
  properties: {
    id: { type: "string", example: "hold-1" },
    book_id: { type: "string", example: "b-104" },
    placed_at: { type: "string", format: "date-time", example: "2026-11-24T09:00:00.000Z" },
  },
};

const bookSchema = {
  type: "object",
  required: ["id", "title", "author"],
  properties: {
    id: { type: "string", example: "b-104" },
    title: { type: "string", example: "Invisible Cities" },
    author: { type: "string", example: "Italo Calvino" },
    year: { type: "integer", example: 1972 },
    copies: {
      type: "object",
      properties: { total: { type: "integer", example: 3 }, available: { type: "integer", example: 1 } },
    },
  },
};

const bookIdParameter = {
  name: "bookId",
  in: "path",
  required: true,
  description: "Id of a book, such as b-104",
  schema: { type: "string" },
};

const idempotencyParameter = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key places one hold, however often it is sent",
  schema: { type: "string" },
};

function libraryDocument(origin: string) {
  const reply = (status: string, schema: unknown) => ({
    [status]: { description: "OK", content: { "application/json": { schema } } },
    "401": { description: "The key is missing or wrong" },
  });
  return {
    openapi: "3.0.3",
    info: {
      title: "Sample Library",
      version: "1.0.0",
      description: "A sample lending library that comes with the demo.",
    },
    servers: [{ url: origin }],
    components: {
      securitySchemes: {
        libraryKey: { type: "apiKey", in: "header", name: "X-Library-Key", description: "Your library key" },
      },
    },
    security: [{ libraryKey: [] }],
    paths: {
      "/v1/loans": {
        get: {
          operationId: "listLoans",
          summary: "List your loans",
          tags: ["loans"],
          parameters: [
            { name: "cursor", in: "query", description: "next_cursor of the page before", schema: { type: "string" } },
          ],
          responses: reply("200", {
            type: "object",
            required: ["loans"],
            properties: {
              loans: { type: "array", items: loanSchema },
              next_cursor: { type: "string", nullable: true, example: null },
            },
          }),
        },
      },
      "/v1/books/{bookId}": {
        get: {
          operationId: "getBook",
          summary: "Show one book",
          tags: ["books"],
          parameters: [bookIdParameter],
          responses: reply("200", bookSchema),
        },
      },
      "/v1/holds": {
        get: {
          operationId: "listHolds",
          summary: "List your holds",
          tags: ["holds"],
          responses: reply("200", {
            type: "object",
            required: ["holds"],
            properties: { holds: { type: "array", items: holdSchema } },
          }),
        },
        post: {
          operationId: "placeHold",
          summary: "Place a hold on a book",
          tags: ["holds"],
          parameters: [idempotencyParameter],
          requestBody: {
            required: true,
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["book_id"],
                  properties: { book_id: { type: "string", example: "b-104" } },
                },
              },
            },
          },
          responses: reply("201", holdSchema),
        },
      },
    },
  };
}
