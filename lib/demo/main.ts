import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectSamples } from "./connect-samples";
import { createLibraryService, sampleLibraryKey } from "./library-service";
import { serveSampleAccounts } from "./sample-accounts";
import { serveSample } from "./serve";
import { createWeatherService } from "./weather-service";

/**
 * The sample services of `npm run demo`, on loopback. Prints one line of JSON when they answer:
 * `{ ready: true, env: {…} }`, which the supervisor hands to web and worker. Fixed ports, because a module that was
 * built against a sample keeps its address.
 */
const firstPort = Number(process.env.BURGEON_DEMO_PORT ?? "4310");

async function main(): Promise<void> {
  const weather = await serveSample(createWeatherService(), firstPort);
  const library = await serveSample(createLibraryService(), firstPort + 1);
  const accounts = await serveSampleAccounts(firstPort + 2);
  const stop = () => {
    void Promise.all([weather.close(), library.close(), accounts.close()]).finally(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  const origins = [weather.origin, library.origin, ...accounts.origins];
  const hosts = origins.map((origin) => new URL(origin).host).join(",");
  const env: Record<string, string> = {
    ...accounts.env,
    ...(process.env.BURGEON_URL ? { BURGEON_WEBHOOK_URL: process.env.BURGEON_URL } : {}),
    BURGEON_DEMO: JSON.stringify({
      services: [
        { title: "Sample Weather", document: `${weather.origin}/openapi.json` },
        { title: "Sample Library", document: `${library.origin}/openapi.json`, key: sampleLibraryKey },
      ],
    }),
    BURGEON_EGRESS_ALLOW: [process.env.BURGEON_EGRESS_ALLOW, hosts].filter(Boolean).join(","),
    BURGEON_OWNER_EMAIL: process.env.BURGEON_OWNER_EMAIL ?? "demo@burgeon.local",
    BURGEON_OWNER_PASSWORD: process.env.BURGEON_OWNER_PASSWORD ?? demoPassword(),
  };
  process.stdout.write(`${JSON.stringify({ ready: true, env })}\n`);
  if (process.env.BURGEON_URL) connectLater(process.env.BURGEON_URL, env, accounts.feedUrl);
}

/** Without the samples the demo is poorer, and works. */
function connectLater(app: string, env: Record<string, string>, feedUrl: string): void {
  connectSamples({
    app,
    feedUrl,
    email: env.BURGEON_OWNER_EMAIL ?? "",
    password: env.BURGEON_OWNER_PASSWORD ?? "",
    plaid: { url: env.PLAID_BASE_URL ?? "", clientId: env.PLAID_CLIENT_ID ?? "", secret: env.PLAID_SECRET ?? "" },
  }).catch((cause: Error) => process.stderr.write(`The samples could not be connected: ${cause.message}\n`));
}

/** Made once per data directory, so that the second start prints the password that still works. */
function demoPassword(): string {
  const folder = process.env.BURGEON_DATA_DIR ?? ".burgeon-demo";
  const path = join(folder, "demo-password");
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const password = `demo-${randomBytes(9).toString("base64url")}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, password, { mode: 0o600 });
  return password;
}

main().catch((error: NodeJS.ErrnoException) => {
  const sentence =
    error.code === "EADDRINUSE"
      ? `The sample services need the ports ${firstPort} to ${firstPort + 7} on this machine, and one is taken. Set BURGEON_DEMO_PORT to another number.`
      : `The sample services could not start: ${error.message}`;
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});
