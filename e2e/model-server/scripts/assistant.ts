import {
  type ChatMessage,
  type ChatRequest,
  lastOf,
  type ReplyStep,
  type Script,
  sinceLastUser,
  textOf,
} from "../protocol";

interface Rule {
  /** What the person's last message looks like. */
  when: RegExp;
  calls(match: RegExpExecArray, request: ChatRequest): { name: string; arguments: unknown }[];
}

const address = /https?:\/\/[^\s"'<>]+/i;

/** First match wins. A rule whose tool is not offered is passed over. */
const rules: readonly Rule[] = [
  {
    when: /\bbuild\b.*\b(?:module|integration)\b/is,
    calls: ({ input }) => [
      {
        name: "build_module",
        arguments: { wish: input.slice(0, 4000), ...(address.exec(input) ? { url: address.exec(input)?.[0] } : {}) },
      },
    ],
  },
  {
    when: /^(?:call|use) ([a-z0-9_]+)(?: with (\{.*\}))?\s*$/is,
    calls: ([, name = "", json = "{}"]) => [{ name, arguments: JSON.parse(json) as unknown }],
  },
  {
    when: /\bremember that (.+)/is,
    calls: ([, content = ""]) => [{ name: "store_knowledge", arguments: { title: content.slice(0, 40), content } }],
  },
  {
    when: /\b(?:read|load|summarise)\b.*https?:/is,
    calls: ({ input }) => [{ name: "load_web_page", arguments: { url: address.exec(input)?.[0] ?? "" } }],
  },
  {
    when: /\bwhat is ([\d(][\d\s+*/().-]*\d\)?) and the time\b/i,
    calls: ([, expression = ""]) => [
      { name: "math_solver", arguments: { expression } },
      { name: "current_time", arguments: {} },
    ],
  },
  {
    when: /\bwhat is ([\d(][\d\s+*/().-]*[\d)])/i,
    calls: ([, expression = ""]) => [{ name: "math_solver", arguments: { expression } }],
  },
  { when: /\bwhat time\b/i, calls: () => [{ name: "current_time", arguments: {} }] },
  { when: /\b(?:list|which)\b.*\bmodules\b/i, calls: () => [{ name: "list_modules", arguments: {} }] },
  {
    when: /\blist my (\w+)/i,
    calls: ([, noun = ""], request) =>
      (request.tools ?? [])
        .filter(({ function: { name } }) => name.endsWith(`_list_${noun}`))
        .map(({ function: { name } }) => ({ name, arguments: {} })),
  },
];

/**
 * An assistant that can be told what to do in plain words: "What is 6*7", "Build me a module from …", "Use <tool> with {…}".
 * It calls what the rule says, then quotes the results.
 */
export const assistantScript: Script = (request) => {
  const results = sinceLastUser(request).filter(({ role }) => role === "tool");
  if (results.length > 0) return [{ say: describeResults(results) }];
  const message = textOf(lastOf(request, "user"));
  const offered = new Set(request.tools?.map((tool) => tool.function.name));
  for (const { when, calls } of rules) {
    const match = when.exec(message);
    const wanted = match ? calls(match, request) : [];
    if (wanted.length > 0 && wanted.every(({ name }) => offered.has(name)))
      return wanted.map((call): ReplyStep => ({ call }));
  }
  return [{ say: `You said: ${message.slice(0, 500)}` }];
};

function describeResults(results: readonly ChatMessage[]): string {
  return results.map((result) => `The tool answered: ${textOf(result).slice(0, 4000)}`).join("\n\n");
}
