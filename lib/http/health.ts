import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { VaultState } from "@/lib/contracts/vault";
import { asSystem } from "@/lib/contracts/viewer";
import { readDatabaseHealth } from "@/lib/db/health";
import { egressExceptions } from "@/lib/env";
import { logger } from "@/lib/logger";
import { vaultState } from "@/lib/vault/vault";

export interface HealthCheck {
  name: "database" | "migrations" | "worker" | "vault" | "egress";
  ok: boolean;
  /** What it means and, when it is not ok, what to do. */
  message: string;
}

/** Everything the installation depends on, by name. `ready` is about answering requests: all but the remarks. */
export async function readHealth(): Promise<{ ready: boolean; checks: HealthCheck[] }> {
  const checks = [...(await databaseChecks()), await vaultCheck(), egressCheck()];
  return { ready: checks.every((check) => check.ok || check.name === "vault"), checks };
}

async function databaseChecks(): Promise<HealthCheck[]> {
  try {
    const [{ migrations, workers }, expected] = await Promise.all([
      readDatabaseHealth(asSystem("auth")),
      migrationNames(),
    ]);
    const missing = expected.filter((name) => !migrations.includes(name));
    return [
      { name: "database", ok: true, message: "PostgreSQL answers." },
      missing.length === 0
        ? { name: "migrations", ok: true, message: "The database is up to date." }
        : {
            name: "migrations",
            ok: false,
            message: `The database lacks ${missing.length} migrations: start Burgeon again, it applies them.`,
          },
      workers > 0
        ? {
            name: "worker",
            ok: true,
            message: workers === 1 ? "One worker takes runs." : `${workers} workers take runs.`,
          }
        : {
            name: "worker",
            ok: false,
            message: "No worker is alive: messages wait until one starts. Look at the worker's log.",
          },
    ];
  } catch (cause) {
    logger.warn({ room: "http", cause }, "the database does not answer");
    return [
      { name: "database", ok: false, message: "PostgreSQL does not answer: is it running, and is DATABASE_URL right?" },
    ];
  }
}

/** What a person can be told about the vault; `unknown` while nobody can look. For pages, which must not fail over it. */
export async function readVaultState(): Promise<VaultState> {
  return vaultState().catch((cause: unknown) => {
    logger.warn({ room: "http", cause }, "the vault cannot be looked at");
    return "unknown" as const;
  });
}

async function vaultCheck(): Promise<HealthCheck> {
  const state = await readVaultState();
  const messages: Record<VaultState, string> = {
    open: "The vault is open.",
    locked:
      "The vault is locked: what is stored was sealed with another master key. Chat and history work, credentials do not.",
    "no-key":
      "There is no master key that can be used: credentials can be neither read nor stored. Set BURGEON_MASTER_KEY or BURGEON_MASTER_KEY_FILE.",
    unknown: "The vault cannot be looked at while the database does not answer.",
  };
  return { name: "vault", ok: state === "open", message: messages[state] };
}

function egressCheck(): HealthCheck {
  const exceptions = egressExceptions();
  return {
    name: "egress",
    ok: true,
    message:
      exceptions.length === 0
        ? "No exceptions: requests go to public addresses only."
        : `Exceptions that BURGEON_EGRESS_ALLOW names: ${exceptions.join(", ")}.`,
  };
}

/** The migrations this version of Burgeon comes with. */
async function migrationNames(): Promise<string[]> {
  const entries = await readdir(join(/* turbopackIgnore: true */ process.cwd(), "prisma", "migrations"), {
    withFileTypes: true,
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
