import { join } from "node:path";

/** Cases and recordings lie in `evals/` of the checkout; every command is started there. */
export function evalsFolder(): string {
  return join(process.cwd(), "evals");
}
