import { stringify } from "yaml";
import { toolNameOf } from "@/lib/contracts/module";
import type { ModuleDraft, OperationDraft } from "./draft";
import { plainText } from "./quote";
import { tryInput } from "./try-inputs";

/** README.md: what the module reaches, what it needs, what it can do. */
export function writeReadme(draft: ModuleDraft): string {
  const { connection, credentials } = draft;
  const lines = [
    `# ${plainMarkdown(draft.title)}`,
    "",
    plainMarkdown(draft.description),
    "",
    "## What it reaches",
    "",
    `- ${code(connection.baseUrl)}${connection.auth.kind === "oauth2_client_credentials" ? `, and ${code(connection.auth.tokenUrl)} for its access token` : ""}`,
    "",
    "## What it needs",
    "",
    ...(credentials.length > 0
      ? credentials.map(({ label, help }) => `- ${plainMarkdown(label)}${help ? `: ${plainMarkdown(help)}` : ""}`)
      : ["Nothing: the service answers without a key."]),
    "",
    "## What it can do",
    "",
    ...draft.operations.map(
      (operation) => `- ${code(operation.name)}${effectOf(operation)}: ${plainMarkdown(operation.description)}`,
    ),
    "",
    "## Where it came from",
    "",
    `Generated from ${plainMarkdown(draft.provenance)}. Its tests replay cassettes/main.json, ${draft.kind === "json" ? "which holds the reply it was made from" : "whose replies were made from the document's examples and schemas"}.`,
  ];
  return `${lines.join("\n")}\n`;
}

function effectOf({ effect, kind }: OperationDraft): string {
  if (effect === "write") return " (changes something)";
  if (effect === "destroy") return " (deletes something)";
  return kind === "pull" ? " (Burgeon asks by itself)" : "";
}

/** Nothing of the document becomes a link, an image, markup or a heading. */
function plainMarkdown(text: string): string {
  return plainText(text, 1200).replace(/[\\`*_{}[\]<>#|~!]/g, (sign) => `\\${sign}`);
}

function code(text: string): string {
  return `\`${plainText(text, 500).replaceAll("`", "'")}\``;
}

/** evals.yaml: questions that this module has to be chosen for. */
export function writeEvals(draft: ModuleDraft): string {
  const cases = draft.operations.flatMap((operation) => {
    const { input } = tryInput(operation, { isFull: true });
    return operation.questions.map((question) => ({
      question: question.replace(/\{(\w+)\}/g, (whole, name: string) => sayValue(input, name) || whole),
      tool: toolNameOf(draft, operation.name),
    }));
  });
  return `# Questions and the tool that has to be chosen for each.\n${stringify({ cases }, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" })}`;
}

function sayValue(input: Record<string, unknown>, name: string): string {
  const value = Object.hasOwn(input, name) ? input[name] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? plainText(String(value), 60)
    : "";
}
