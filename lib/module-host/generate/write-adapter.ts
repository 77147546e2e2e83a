import { adapterHelpers, sdkTypes, sdkValues } from "./adapter-helpers";
import type { ModuleDraft } from "./draft";
import { writeComment } from "./quote";
import { TypeBook } from "./type-book";
import { declareReply, writeOperation } from "./write-operation";

/** The order in which helpers stand in the file: what a reader wants to see first comes first. */
const constantHelpers = ["serviceName", "maxPages", "defaultMaxItems", "conditions"];
const typeHelpers = ["Collected", "Loaded", "Read"];

/** adapter.ts: one function per operation, then how replies are read. */
export function writeAdapter(draft: ModuleDraft): string {
  const helpers = adapterHelpers({ title: draft.title, connection: draft.connection.name });
  const book = new TypeBook([...Object.keys(helpers), ...sdkTypes, ...sdkValues]);
  const chosen = draft.operations.filter((operation) => operation.pullOf === null);
  for (const operation of chosen) declareReply(operation, book);
  const tools = chosen.map((operation) => ({ operation, ...writeOperation(operation, book) }));
  const { types, readers } = book.declarations();
  const entries = draft.operations.map((operation) => {
    const own = tools.find((tool) => tool.operation === operation);
    return own
      ? own.entry
      : writePull(
          operation.name,
          tools.find((tool) => tool.operation.name === operation.pullOf),
        );
  });
  const body = [types, ...tools.map(({ code }) => code), readers].filter(Boolean).join("\n\n");
  const exported = `export default defineModule({\n${entries.map((entry) => `  ${entry},\n`).join("")}});`;
  const used = usedHelpers(`${body}\n${exported}`, helpers);
  const pick = (names: string[]) => names.filter((name) => used.has(name)).map((name) => helpers[name] ?? "");
  const rest = ["send", ...Object.keys(helpers)].filter(
    (name, at, all) => all.indexOf(name) === at && !constantHelpers.includes(name) && !typeHelpers.includes(name),
  );
  const parts = [
    ...pick(constantHelpers),
    types,
    ...pick(typeHelpers),
    ...tools.map(({ code }) => code),
    exported,
    readers,
    ...pick(rest),
  ].filter(Boolean);
  const code = parts.join("\n\n");
  return `${writeHeader(draft)}\n${writeImports(code)}\n\n${code}\n`;
}

function writePull(
  name: string,
  tool: { operation: ModuleDraft["operations"][number]; entry: string } | undefined,
): string {
  if (!tool) throw new Error("A pull repeats a tool of the module.");
  const functionName = tool.entry.split(": ").at(-1) ?? "";
  const hasInput = tool.operation.parameters.some((one) => one.input !== null);
  return `${name}: (ctx: Ctx) => ${functionName}(ctx${hasInput ? ", {}" : ""})`;
}

function writeHeader(draft: ModuleDraft): string {
  const lines = [
    writeComment(`${draft.title}: ${draft.description}`, 300),
    writeComment(`Made from ${draft.provenance}.`, 300),
    writeComment(
      draft.credentials.length > 0
        ? `Requests go below ${draft.connection.baseUrl}; Burgeon adds the credential, which this code never sees.`
        : `Requests go below ${draft.connection.baseUrl}, without a credential.`,
      600,
    ),
  ];
  return `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */`;
}

/** All helpers that the code names, and those that they name. A name in a text counts too, which does no harm. */
function usedHelpers(code: string, helpers: Record<string, string>): Set<string> {
  const used = new Set<string>();
  const look = (text: string) => {
    const words = new Set(text.match(/[A-Za-z_]\w*/g));
    for (const [name, helper] of Object.entries(helpers))
      if (words.has(name) && !used.has(name)) {
        used.add(name);
        look(helper);
      }
  };
  look(code);
  return used;
}

function writeImports(code: string): string {
  const words = new Set(code.match(/[A-Za-z_]\w*/g));
  const names = [
    ...sdkTypes.filter((name) => words.has(name)).map((name) => `type ${name}`),
    ...sdkValues.filter((name) => words.has(name)),
  ];
  const sorted = names.sort((left, right) => {
    const [one, other] = [left.replace("type ", "").toLowerCase(), right.replace("type ", "").toLowerCase()];
    return one < other ? -1 : one > other ? 1 : 0;
  });
  const line = `import { ${sorted.join(", ")} } from "@burgeon/sdk";`;
  return line.length <= 110 ? line : `import {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "@burgeon/sdk";`;
}
