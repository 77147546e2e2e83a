import { inline } from "./escape";

/** A Markdown table. Cells may hold any text. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], isFormatted = false): string {
  const cell = (text: string) => (isFormatted ? text : inline(text, 160)).replace(/\n/g, " ");
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
