import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";

const maxLines = 300;
const maxFilesInFolder = 14;
const rooms = ["app", "components", "lib", "scripts", "bench", "e2e", "modules/sdk"];
/** Each with its reason; the list only shrinks. */
const exceptions = {
  "lib/db": "one file per aggregate, and each is the only place that knows its tables",
  "lib/module-host/generate": "one file per question that a document is asked; none calls another's neighbour",
  "lib/contracts": "one file per word that everybody speaks",
  "lib/module-host": "a module's life, one file per station",
  "scripts/supervisor": "one file per thing that is started or made",
  "components/ui": "one file per primitive",
  "components/chat": "one file per kind of thing in a conversation",
};

/** Files and folders beyond the house's measures, as sentences. Tests count by lines only where they are data. */
export function findTooLarge() {
  return rooms.filter((room) => existsSync(join(root, room))).flatMap((room) => visit(room));
}

function visit(folder) {
  const names = readdirSync(join(root, folder)).filter(
    (name) => !name.startsWith(".") && name !== "generated" && name !== "node_modules",
  );
  const problems = [];
  const sources = names.filter((name) => /\.(ts|tsx|mjs)$/.test(name));
  const counted = sources.filter((name) => !/\.test\.|^testing/.test(name));
  if (folder.startsWith("lib") && counted.length > maxFilesInFolder && !exceptions[folder]) {
    problems.push(`${folder} has ${counted.length} files; at most ${maxFilesInFolder}: group what belongs together.`);
  }
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) problems.push(...visit(path));
    else if (sources.includes(name) && !exceptions[path]) {
      const lines = readFileSync(join(root, path), "utf8").split("\n").length - 1;
      const limit = /\.test\./.test(name) ? 400 : maxLines;
      if (lines > limit) problems.push(`${path} has ${lines} lines; at most ${limit}.`);
    }
  }
  return problems;
}
