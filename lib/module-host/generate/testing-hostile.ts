import fc from "fast-check";

/** Texts that would do something if they got into code, comments, YAML, Markdown or paths as they are. */
const poison = [
  '*/ throw new Error("x"); /*',
  '"); throw 1; ("',
  "`${ctx.http}`",
  "${globalThis.x}",
  "\u2028throw 1",
  "\n\nthrow 1 // ",
  "</script>",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "delete",
  "class",
  "await",
  "\\",
  "'",
  '"',
  "`",
  "*/",
  "//",
  "/*",
  "\u0000",
  "\ud800",
  "\u202e",
  "a-b c",
  "",
  " ",
  "{{x}}",
  "{x}",
  "{",
  "}",
  "../..",
  "%2e%2e",
  "?a=b#c",
  "päth",
  "😀",
  "1abc",
  "ctx",
  "input",
  "send",
  "readJson",
  "Promise",
  "Record",
  "string",
  "[click](javascript:alert(1))",
  "- a: &x",
  "!!js/function",
  "x".repeat(300),
  "@burgeon/sdk",
  "eval('1')",
  "import('fs')",
];
export const evil = fc.oneof(
  fc.constantFrom(...poison),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.tuple(fc.constantFrom(...poison), fc.string({ maxLength: 8 })).map((parts) => parts.join("")),
);

const schema: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown; object: unknown }>((tie) => ({
  object: fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(evil, tie("node"), { maxKeys: 4 }),
      required: fc.array(evil, { maxLength: 3 }),
      title: evil,
      description: evil,
      example: fc.jsonValue(),
    },
    { requiredKeys: ["type", "properties"] },
  ),
  node: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.record(
      {
        type: fc.constantFrom("string", "integer", "number", "boolean"),
        enum: fc.array(fc.oneof(evil, fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 3 }),
        description: evil,
        format: evil,
        default: fc.jsonValue(),
        example: fc.jsonValue(),
        nullable: fc.boolean(),
      },
      { requiredKeys: ["type"] },
    ),
    fc.record({ type: fc.array(fc.constantFrom("string", "null", "object", "array"), { maxLength: 2 }) }),
    tie("object"),
    fc.record({ type: fc.constant("array"), items: tie("node") }),
    fc.record({ allOf: fc.array(tie("node"), { maxLength: 2 }) }),
    fc.record({ oneOf: fc.array(tie("node"), { maxLength: 3 }) }),
    fc.constantFrom(
      { $ref: "#/components/schemas/Loop" },
      { $ref: "#/components/schemas/Fan" },
      { $ref: "https://evil.example/x" },
      { $ref: "#/paths/~1%zz" },
      { $ref: "#/__proto__" },
      true,
      null,
      7,
    ),
  ),
})).node;

const parameter = fc.record(
  {
    name: evil,
    in: fc.constantFrom("path", "query", "header", "cookie", "__proto__"),
    required: fc.boolean(),
    description: evil,
    schema,
    style: fc.constantFrom("form", "deepObject", "pipeDelimited"),
    explode: fc.boolean(),
    example: fc.jsonValue(),
  },
  { requiredKeys: ["name", "in"] },
);

const operation = fc.record(
  {
    operationId: evil,
    summary: evil,
    description: evil,
    tags: fc.array(evil, { maxLength: 2 }),
    parameters: fc.array(parameter, { maxLength: 4 }),
    requestBody: fc.record({
      required: fc.boolean(),
      content: fc.record({ "application/json": fc.record({ schema }) }),
    }),
    responses: fc.record({
      "200": fc.record({
        description: evil,
        headers: fc.constantFrom({}, { Link: {} }),
        content: fc.record({ "application/json": fc.record({ schema, example: fc.jsonValue() }) }),
      }),
    }),
  },
  { requiredKeys: ["responses"] },
);

const pathText = fc.oneof(
  evil.map((text) => `/${text}`),
  evil.map((text) => `/things/{${text}}/x`),
  fc.constant("/plain"),
);

export const document = fc.record({
  openapi: fc.constant("3.0.3"),
  info: fc.record({ title: evil, description: evil }),
  servers: fc.constant([{ url: "https://api.example/v1" }]),
  security: fc.constantFrom([], [{ k: [] }]),
  components: fc.record({
    securitySchemes: fc.record({
      k: fc.record({
        type: fc.constant("apiKey"),
        in: fc.constantFrom("header", "query"),
        name: evil,
        description: evil,
      }),
    }),
  }),
  paths: fc.dictionary(pathText, fc.record({ get: operation, post: operation }, { requiredKeys: [] }), {
    minKeys: 1,
    maxKeys: 3,
  }),
});

/** Schemas that refer to themselves and fan out. */
export const schemas = {
  Loop: {
    type: "object",
    required: ["self"],
    properties: {
      self: { $ref: "#/components/schemas/Loop" },
      all: { type: "array", items: { $ref: "#/components/schemas/Loop" } },
    },
  },
  Fan: {
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `f${at}`,
        {
          type: "array",
          items: { allOf: [{ $ref: "#/components/schemas/Loop" }, { $ref: "#/components/schemas/Fan" }] },
        },
      ]),
    ),
  },
};

export const wishes = fc.oneof(evil, fc.constant("list things and create new things and delete them"));
