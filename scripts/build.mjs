// Builds everything for production, for an image: the database client, the bundles, the web.
import { ensureInstalled, findNode } from "./supervisor/install.mjs";
import { exitWith } from "./supervisor/problem.mjs";
import { createProgress } from "./supervisor/progress.mjs";

try {
  await ensureInstalled();
  findNode();
  const { buildAll, generateClient } = await import("./supervisor/build.mjs");
  const progress = createProgress();
  await generateClient(progress);
  await buildAll({ progress });
} catch (error) {
  exitWith(error);
}
