import { parseArgs } from "node:util";
import { readHealth } from "@/lib/http/health";
import { print, printJson } from "./print";

/** The same as GET /api/health/ready, for a terminal. */
export async function doctor(args: string[]): Promise<0 | 1> {
  const { values } = parseArgs({ args, options: { json: { type: "boolean" } } });
  const { ready, checks } = await readHealth();
  if (values.json) printJson({ ready, checks });
  else for (const { name, ok, message } of checks) print(`${ok ? "✓" : "✗"} ${name.padEnd(10)} ${message}`);
  return ready ? 0 : 1;
}
