import { isRecord } from "../read-prompt";
import { inline } from "./escape";

const maxLines = 60;

/** Tools that say it in words themselves: the member of their output that holds the words. */
const spoken: Readonly<Record<string, string>> = {
  get_daily_briefing: "text",
  get_weather: "summary",
  get_commute_time: "summary",
};

/** Their words, line by line, as plain text with lists: titles of events are other people's words. */
export const spokenAnswers: Readonly<Record<string, (output: unknown) => string | null>> = Object.fromEntries(
  Object.entries(spoken).map(([tool, member]) => [
    tool,
    (output: unknown) => (isRecord(output) && typeof output[member] === "string" ? toLines(output[member]) : null),
  ]),
);

function toLines(text: string): string {
  return text
    .split("\n")
    .slice(0, maxLines)
    .map((line) => {
      const [, bullet, rest = ""] = /^\s*([-•*]\s+)?(.*)$/.exec(line) ?? [];
      return rest === "" ? "" : `${bullet ? "- " : ""}${inline(rest, 400)}`;
    })
    .join("\n");
}
