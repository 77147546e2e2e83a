import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildBundles, generateClient } from "./build.mjs";
import { dataDirectoryPath, prepareDataDirectory } from "./data-directory.mjs";
import { databaseFor } from "./database.mjs";
import { root, runUnder } from "./install.mjs";
import { readHolder, takeLock } from "./lock.mjs";
import { migrate, migrationsPath } from "./migrations.mjs";
import { databaseUrl } from "./postgres.mjs";
import { address } from "./port.mjs";
import { isAlive } from "./process-identity.mjs";
import { Problem } from "./problem.mjs";
import { createProgress } from "./progress.mjs";

/** These look at folders and documents only. */
const needNoDatabase = (args) => args.length === 0 || ["help", "--help", "module", "eval"].includes(args[0]);

/** Runs the command against the database of this installation: the running one's, or one started for the time of the command. */
export async function runCommand(args) {
  if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  const progress = createProgress(process.stderr);
  await generateClient(progress);
  await buildBundles(progress);
  if (needNoDatabase(args)) return await run(args, process.env);
  const data = prepareDataDirectory(dataDirectoryPath());
  const database = await findDatabase(data);
  try {
    const { url } = address(process.env);
    return await run(args, {
      ...process.env,
      DATABASE_URL: database.url,
      NEXTAUTH_SECRET: data.nextAuthSecret,
      BURGEON_URL: url,
      BURGEON_DATA_DIR: data.path,
      ...(data.masterKeyFile && { BURGEON_MASTER_KEY_FILE: data.masterKeyFile }),
    });
  } finally {
    await database.stop();
  }
}

function run(args, env) {
  const quiet = { LOG_LEVEL: "warn", ...env };
  return runUnder(process.execPath, [join(root, "dist", "burgeon.mjs"), ...args], { env: quiet }).exitCode;
}

async function findDatabase(data) {
  if (process.env.DATABASE_URL) return await databaseFor({ data });
  const holder = readHolder(data.lock);
  if (holder && isAlive(holder)) {
    if (!holder.databasePort) throw new Problem("Burgeon is just starting: try again when it says that it is ready.");
    return { url: databaseUrl(holder.databasePort, data.databasePassword()), stop: async () => undefined };
  }
  const lock = takeLock(data.lock);
  if (!lock.held) throw new Problem("Burgeon is just starting: try again when it says that it is ready.");
  const database = await databaseFor({ data });
  await migrate(database.url, migrationsPath);
  return {
    url: database.url,
    async stop() {
      await database.stop();
      lock.release();
    },
  };
}
