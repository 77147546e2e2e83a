import { createHash } from "node:crypto";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";

interface Asked {
  text: string;
  values: readonly unknown[];
  answer: PromiseWithResolvers<unknown>;
}

/** What waits for the end of this turn of the event loop: by viewer, then by text and values. */
const waiting = new Map<string, Map<string, Asked>>();
/** Names of prepared statements; there are as many as there are ways of asking together, which are few. */
const names = new Map<string, string>();

/**
 * Asks one thing of the viewer's rows. What is asked in one turn of the event loop goes to the database in one statement, and the
 * same thing asked twice is read once: a run needs many small things at its start, and its parts know nothing of each other.
 * @param text a SELECT of one value in at most one row; `$1` is the viewer's id, `$2` and so on are `values`
 * @returns null when there is no row. Several may get the same object: it is only to be read
 */
export function askTogether(viewer: Viewer, text: string, values: readonly unknown[] = []): Promise<unknown> {
  if (waiting.size === 0) setImmediate(send);
  const asked = waiting.get(viewer.userId) ?? new Map<string, Asked>();
  waiting.set(viewer.userId, asked);
  const key = `${text} ${JSON.stringify(values)}`;
  const question = asked.get(key) ?? { text, values, answer: Promise.withResolvers<unknown>() };
  asked.set(key, question);
  return question.answer.promise;
}

function send(): void {
  const batches = [...waiting];
  waiting.clear();
  for (const [userId, asked] of batches) {
    // In one order, so that the same things make the same statement.
    const questions = [...asked].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, question]) => question);
    void ask(userId, questions);
  }
}

async function ask(userId: string, questions: readonly Asked[]): Promise<void> {
  const values: unknown[] = [userId];
  const parts = questions.map(({ text, values: own }, index) => {
    const before = values.length - 1;
    values.push(...own);
    const placed = text.replace(/\$(\d+)/g, (_, n: string) => (n === "1" ? "$1" : `$${Number(n) + before}`));
    return `(${placed}) AS a${index}`;
  });
  try {
    const text = `SELECT ${parts.join(",\n")}`;
    const { rows } = await execute<Record<string, unknown>>({ name: nameOf(text), text, values });
    for (const [index, { answer }] of questions.entries()) answer.resolve(rows[0]?.[`a${index}`] ?? null);
  } catch (cause) {
    for (const { answer } of questions) answer.reject(cause);
  }
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `ask-${createHash("sha256").update(text).digest("base64url").slice(0, 16)}`;
  names.set(text, name);
  return name;
}
