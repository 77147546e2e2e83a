import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engineBindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

const everything = { externalTables: [], externalEnums: [] };

/**
 * The SQL that leads from what the migrations build to what the schema says; empty when they agree. The migrations
 * are played into the database of `url`, which must be empty and of no further use.
 */
export async function diffMigrations(url, { schemaPath, migrationsPath }) {
  const schema = { path: "schema.prisma", content: await readFile(schemaPath, "utf8") };
  const migrations = await readMigrations(migrationsPath);
  return await withEngine(url, schema, async (engine) => {
    const result = await engine.diff({
      from: { tag: "migrations", ...migrations },
      to: { tag: "schemaDatamodel", files: [schema] },
      script: true,
      exitCode: true,
      filters: everything,
    });
    return result.exitCode === 0 ? "" : (result.stdout ?? "");
  });
}

async function withEngine(url, schema, work) {
  await loadBindings();
  const pool = openPool(url);
  try {
    const factory = new PrismaPg(pool);
    // The adapter's own shadow database cannot be dropped again, and it cuts scripts at every semicolon.
    factory.connectToShadowDb = async () => {
      const adapter = await factory.connect();
      adapter.executeScript = async (script) => void (await pool.query(script));
      const query = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = async (question) => {
        const answer = await query(question);
        const { Uuid, Character } = ColumnTypeEnum;
        return { ...answer, columnTypes: answer.columnTypes.map((type) => (type === Uuid ? Character : type)) };
      };
      return adapter;
    };
    // The second argument receives the engine's log lines; failures come as errors anyway.
    const adapter = bindMigrationAwareSqlAdapterFactory(factory);
    const engine = await engineBindings.SchemaEngine.new(
      { datamodels: [[schema.path, schema.content]] },
      () => undefined,
      adapter,
    );
    const result = await work(engine);
    engine.free();
    return result;
  } finally {
    await pool.end();
  }
}

function openPool(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 2 });
  // PostgreSQL's catalog has columns of its internal type "char" (18), which Prisma's adapter 7.10 refuses to read: they
  // pass it as UUIDs, of which the catalog has none, and are given to the engine as characters.
  pool.on("connect", (client) =>
    client.connection.on("rowDescription", ({ fields }) => {
      for (const field of fields) if (field.dataTypeID === 18) field.dataTypeID = pg.types.builtins.UUID;
    }),
  );
  return pool;
}

let loaded;

/** Prisma's schema engine as WebAssembly: the native one would have to be downloaded. Loaded once per process. */
function loadBindings() {
  loaded ??= (async () => {
    // Where the engine leaves its last words before it gives up.
    globalThis.PRISMA_WASM_PANIC_REGISTRY = {
      set_message: (message) => process.stderr.write(`Prisma's schema engine: ${message}\n`),
    };
    const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
    const program = await readFile(join(folder, "schema_engine_bg.wasm"));
    const { instance } = await WebAssembly.instantiate(program, { "./schema_engine_bg.js": engineBindings });
    engineBindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return loaded;
}

async function readMigrations(baseDir) {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(
    names.sort().map(async (path) => {
      const value = await readFile(join(baseDir, path, "migration.sql"), "utf8");
      return { path, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
    }),
  );
  const lockfile = {
    path: "migration_lock.toml",
    content: await readFile(join(baseDir, "migration_lock.toml"), "utf8"),
  };
  return { baseDir, lockfile, migrationDirectories, shadowDbInitScript: "" };
}
