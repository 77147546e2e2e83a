/** A module for the sample library as a model would write it, with the mistakes of its first two attempts. */
export const libraryPlan = {
  category: "books",
  name: "lending-library",
  title: "Lending Library",
  summary: "Lists the loans of a lending library and looks up its books.",
  credentials: [{ name: "library_key", label: "Library key" }],
  operations: [
    {
      name: "list_loans",
      kind: "tool",
      description: "Lists all current loans with their due dates, across all pages.",
    },
    { name: "get_book", kind: "tool", description: "Looks up one book of the library by its id." },
  ],
} as const;

const loan = {
  type: "object",
  properties: {
    id: { type: "string" },
    title: { type: "string" },
    author: { type: "string" },
    due_on: { type: "string", format: "date" },
  },
  required: ["id", "title", "due_on"],
  additionalProperties: false,
};
const book = {
  type: "object",
  properties: {
    id: { type: "string" },
    title: { type: "string" },
    author: { type: "string" },
    available: { type: "integer" },
  },
  required: ["id", "title", "author"],
  additionalProperties: false,
};

function manifest(origin: string): string {
  const [listLoans, getBook] = libraryPlan.operations;
  return toJson({
    schemaVersion: 1,
    category: libraryPlan.category,
    name: libraryPlan.name,
    title: libraryPlan.title,
    description: libraryPlan.summary,
    version: "1.0.0",
    connections: {
      library: {
        baseUrl: origin,
        auth: { kind: "api_key", in: "header", name: "X-Library-Key", credential: "library_key" },
        methods: ["GET"],
      },
    },
    credentials: [{ name: "library_key", label: "Library key", help: "Printed on your library card." }],
    operations: {
      list_loans: {
        kind: "tool",
        description: listLoans.description,
        effect: "read",
        input: { type: "object", properties: {}, additionalProperties: false },
        output: {
          type: "object",
          properties: { items: { type: "array", items: loan } },
          required: ["items"],
          additionalProperties: false,
        },
        questions: ["List my loans in the lending library", "Which books have I borrowed?", "When are my loans due?"],
      },
      get_book: {
        kind: "tool",
        description: getBook.description,
        effect: "read",
        input: {
          type: "object",
          properties: { book_id: { type: "string", minLength: 1, description: "Id of a book, such as b-104" } },
          required: ["book_id"],
          additionalProperties: false,
        },
        output: book,
        questions: ["Show book {book_id}", "Is book {book_id} available?"],
      },
    },
  });
}

// The first attempt forgets what an item may lack, the second one forgets the second page.
const loanLine = { wrong: "const due: number = loan.due_on;", right: "const due = loan.due_on;" };
const nextLine = {
  wrong: "return { items: page.loans ?? [], next: null };",
  right: "return { items: page.loans ?? [], next: page.next_cursor ?? null };",
};

function adapter(isTyped: boolean, hasPages: boolean): string {
  return `import { collectPages, type Ctx, ensureOk } from "@burgeon/sdk";

interface Loan {
  id: string;
  book: { id: string; title: string; author?: string };
  due_on: string;
}

export default {
  async list_loans(ctx: Ctx) {
    const loans = await collectPages<Loan>(async (cursor) => {
      const response = await ctx.http.library.request({ path: "/v1/loans", query: { cursor } });
      const page = ensureOk(response, "The library").json<{ loans?: Loan[]; next_cursor?: string | null }>();
      ${hasPages ? nextLine.right : nextLine.wrong}
    });
    return {
      items: loans.map((loan) => {
        ${isTyped ? loanLine.right : loanLine.wrong}
        return { id: loan.id, title: loan.book.title, author: loan.book.author ?? "unknown", due_on: due };
      }),
    };
  },

  async get_book(ctx: Ctx, input: { book_id: string }) {
    const response = await ctx.http.library.request({ path: \`/v1/books/\${encodeURIComponent(input.book_id)}\` });
    const book = ensureOk(response, "The library").json<{ id: string; title: string; author: string; copies?: { available: number } }>();
    return { id: book.id, title: book.title, author: book.author, ...(book.copies ? { available: book.copies.available } : {}) };
  },
};
`;
}

const adapterTest = `import { expect, test } from "@burgeon/sdk/test";

test("list_loans reads every page", async ({ run }) => {
  const { items } = await run("list_loans");
  expect(items).toEqual([
    { id: "loan-1", title: "Kindred", author: "Octavia E. Butler", due_on: "2026-02-01" },
    { id: "loan-2", title: "Solaris", author: "unknown", due_on: "2026-02-03" },
  ]);
});

test("get_book gives one book with what is on the shelf", async ({ run }) => {
  expect(await run("get_book", { book_id: "b-1" })).toEqual({ id: "b-1", title: "Kindred", author: "Octavia E. Butler", available: 2 });
});

test("get_book says that a book is unknown", async ({ run }) => {
  await expect(run("get_book", { book_id: "b-404" })).rejects.toThrow("not_found");
});
`;

const cassettes = [
  exchange("/v1/loans", 200, {
    loans: [{ id: "loan-1", book: { id: "b-1", title: "Kindred", author: "Octavia E. Butler" }, due_on: "2026-02-01" }],
    next_cursor: "1",
  }),
  exchange(
    "/v1/loans",
    200,
    { loans: [{ id: "loan-2", book: { id: "b-2", title: "Solaris" }, due_on: "2026-02-03" }], next_cursor: null },
    { cursor: "1" },
  ),
  exchange("/v1/books/b-1", 200, {
    id: "b-1",
    title: "Kindred",
    author: "Octavia E. Butler",
    copies: { total: 3, available: 2 },
  }),
  exchange("/v1/books/b-404", 404, { error: { code: "not_found" } }),
];

/** Every file of one attempt. The first does not pass the type check, the second fails its own test, the third is right. */
export function libraryFiles(origin: string, attempt: 1 | 2 | 3): Record<string, string> {
  return {
    "manifest.json": manifest(origin),
    "adapter.ts": adapter(attempt > 1, attempt > 2),
    "adapter.test.ts": adapterTest,
    "cassettes/main.json": toJson(cassettes),
    "README.md": `# ${libraryPlan.title}\n\n${libraryPlan.summary}\n`,
    "evals.yaml": `cases:\n  - question: "List my loans in the lending library"\n    tool: lending_library_list_loans\n`,
  };
}

function exchange(path: string, status: number, json: unknown, query?: Record<string, string>) {
  return {
    connection: "library",
    request: { method: "GET", path, ...(query ? { query } : {}) },
    response: { status, headers: { "content-type": "application/json" }, json },
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
