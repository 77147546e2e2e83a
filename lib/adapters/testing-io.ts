import { vi } from "vitest";
import type { AdapterFake, AdapterIo } from "../contracts/adapter";
import { AppError } from "../contracts/errors";
import { serveSample } from "../demo/serve";
import { EgressError, vettedFetch } from "../egress/fetch";

/** What the host lends an adapter, with the real door for the given origins only. */
export function testingIo(
  origins: readonly string[],
  { now = new Date(), signal = new AbortController().signal }: { now?: Date; signal?: AbortSignal } = {},
): AdapterIo {
  const allow = origins.map((origin) => new URL(origin).host);
  return {
    accessToken: () => Promise.reject(new Error("open data has no access token")),
    now: () => now,
    signal,
    async fetch(url, options) {
      try {
        return await vettedFetch(url, { ...options, signal, allow });
      } catch (cause) {
        if (!(cause instanceof EgressError)) throw cause;
        throw new AppError(cause.failure === "blocked" ? "refused" : "unavailable", cause.message, { cause });
      }
    },
  };
}

const running: { close(): Promise<void> }[] = [];

/** Serves a sample service over HTTP until `stopSamples`. @returns its origin */
export async function startSample(fake: AdapterFake): Promise<string> {
  const server = await serveSample(fake, 0);
  running.push(server);
  return server.origin;
}

export async function stopSamples(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

let stubs = 0;

/** Variables for one test. The environment is parsed once per database, so it gets another name for one. */
export function stubEnvironment(variables: Record<string, string>): void {
  vi.stubEnv("DATABASE_URL", `postgresql://127.0.0.1:1/not-used-${++stubs}`);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}
