import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "./supervisor/install.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const compose = parse(read("docker-compose.yml"), { merge: true });

describe("docker compose, as far as can be seen without an engine", () => {
  it("has web, worker, migration and PostgreSQL 18, started in the right order", () => {
    const { db, migrate, web, worker } = compose.services;
    expect(db.image).toBe("postgres:18");
    expect(migrate.depends_on.db.condition).toBe("service_healthy");
    for (const service of [web, worker])
      expect(service.depends_on.migrate.condition).toBe("service_completed_successfully");
    expect(worker.command).toEqual(["node", "dist/worker.mjs"]);
  });

  it("refuses to start without its secrets and shows nothing to the network by default", () => {
    const { environment, ports } = compose.services.web;
    for (const name of ["NEXTAUTH_SECRET", "BURGEON_MASTER_KEY"]) expect(environment[name]).toMatch(/:\?/);
    expect(environment.DATABASE_URL).toMatch(/POSTGRES_PASSWORD:\?/);
    expect(ports[0]).toMatch(/127\.0\.0\.1/);
  });

  it("names only variables that the example explains or that have a default", () => {
    const required = [...read("docker-compose.yml").matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    const explained = [...read(".env.example").matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    for (const name of required) expect(explained).toContain(name);
  });

  it("runs files that are there, as a user who is not root", () => {
    const dockerfile = read("Dockerfile");
    expect(dockerfile).toMatch(/^USER node$/m);
    for (const [, path] of `${dockerfile}${read("docker-compose.yml")}`.matchAll(/(scripts\/[\w/-]+\.mjs)/g))
      expect(existsSync(join(root, path))).toBe(true);
    expect(existsSync(join(root, "lib/worker/worker.ts"))).toBe(true);
  });
});
