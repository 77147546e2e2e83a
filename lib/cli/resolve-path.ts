import { resolve } from "node:path";

/** npm changes into the project before it runs us; the person means the folder they stand in. */
export function resolvePath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
