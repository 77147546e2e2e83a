import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { newId } from "@/lib/contracts/id";
import { type Role, scopes, type Viewer } from "@/lib/contracts/viewer";
import { closeDatabase, pool } from "./client";
import { stopListening } from "./listen";

declare module "vitest" {
  interface ProvidedContext {
    /** Server with the migrated database `template`, started once for the whole run. */
    postgresUrl: string;
  }
}

interface TestDatabase {
  url: string;
  close(): Promise<void>;
}

/**
 * A migrated database of its own for one test file; `DATABASE_URL` points at it, so lib/db uses it. Call it in
 * `beforeAll` and `close` in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(`create database ${name} template template`);
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const before = process.env.DATABASE_URL;
  process.env.DATABASE_URL = url.href;
  return {
    url: url.href,
    async close() {
      stopListening();
      await closeDatabase();
      if (before === undefined) delete process.env.DATABASE_URL;
      else process.env.DATABASE_URL = before;
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** A user in the current test database, as the viewer that acts for them with every scope. */
export async function testUser(role: Role = "owner"): Promise<Viewer> {
  const userId = newId("user");
  // Not a hash of any password: nobody can sign in as this user.
  await pool().query(
    `insert into "User" (id, email, name, "passwordHash", role) values ($1, $2, 'Test person', 'none', $3)`,
    [userId, `${userId}@example.test`, role],
  );
  return { kind: "viewer", userId, role, via: "session", scopes };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
