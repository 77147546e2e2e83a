import type { ModuleFiles } from "@/lib/contracts/module";

export interface SampleOptions {
  baseUrl: string;
  category?: string;
  name?: string;
  version?: string;
  /** Replaces whole files. */
  files?: ModuleFiles;
  adapter?: string;
}

/** The key that the sample's service accepts. */
export const sampleKey = "sample-test-key-7788";

const defaultAdapter = `import { type Ctx, ensureOk } from "@burgeon/sdk";

interface Score {
  player: string;
  points: number;
}

export default {
  async list_scores(ctx: Ctx<"main">): Promise<{ items: Score[] }> {
    const response = await ctx.http.main.request({ path: "/scores" });
    return { items: ensureOk(response, "The game").json<Score[]>() };
  },
  async get_score(ctx: Ctx<"main">, input: { player: string }): Promise<Score> {
    const response = await ctx.http.main.request({ path: "/scores/" + encodeURIComponent(input.player) });
    return ensureOk(response, "The game").json<Score>();
  },
};
`;

const defaultTest = `import { expect, test } from "@burgeon/sdk/test";

test("lists what the service answers", async ({ run }) => {
  const result = await run("list_scores");
  expect(result.items).toEqual([{ player: "ada", points: 7 }]);
});

test("asks for one player", async ({ run }) => {
  expect(await run("get_score", { player: "ada" })).toEqual({ player: "ada", points: 7 });
});
`;

/** A small valid module over a service with a key in a header, as a person might place it by hand. */
export function sampleModule({
  baseUrl,
  category = "gaming",
  name = "test-game",
  version = "1.0.0",
  files = {},
  adapter = defaultAdapter,
}: SampleOptions): ModuleFiles {
  const score = {
    type: "object",
    properties: { player: { type: "string" }, points: { type: "number" } },
    required: ["player", "points"],
    additionalProperties: false,
  };
  const manifest = {
    schemaVersion: 1,
    category,
    name,
    title: "Test game",
    description: "Scores of the players of a test game.",
    version,
    connections: {
      main: {
        baseUrl,
        auth: { kind: "api_key", in: "header", name: "X-Game-Key", credential: "game_key" },
        methods: ["GET"],
      },
    },
    credentials: [{ name: "game_key", label: "Game key" }],
    operations: {
      list_scores: {
        kind: "tool",
        description: "Lists the scores of all players.",
        effect: "read",
        input: { type: "object", properties: {}, additionalProperties: false },
        output: {
          type: "object",
          properties: { items: { type: "array", items: score } },
          required: ["items"],
          additionalProperties: false,
        },
        questions: ["What are the scores in the test game?"],
      },
      get_score: {
        kind: "tool",
        description: "Gets the score of one player.",
        effect: "read",
        input: {
          type: "object",
          properties: { player: { type: "string" } },
          required: ["player"],
          additionalProperties: false,
        },
        output: score,
        questions: ["What is the score of {player}?"],
      },
    },
  };
  const entry = (path: string, json: unknown) => ({
    connection: "main",
    request: { method: "GET", path },
    response: { status: 200, json },
  });
  const ada = { player: "ada", points: 7 };
  return {
    "manifest.json": JSON.stringify(manifest, null, 2),
    "adapter.ts": adapter,
    "adapter.test.ts": defaultTest,
    "cassettes/main.json": JSON.stringify([entry("/scores", [ada]), entry("/scores/ada", ada)]),
    "README.md": "# Test game\n",
    ...files,
  };
}
