import type pg from "pg";
import { logger } from "@/lib/logger";
import { dedicatedConnection } from "./client";

export type Channel = "burgeon_events" | "burgeon_runs" | "burgeon_scan" | "burgeon_workers";

type Listener = (payload: string) => void;

interface Ear {
  listeners: Map<Channel, Set<Listener>>;
  client: pg.Client | null;
  isConnecting: boolean;
  retryTimer: NodeJS.Timeout | null;
  delayMs: number;
}

// One connection per process, kept over reloads of this module by the development server.
const held = globalThis as typeof globalThis & { burgeonEar?: Ear };
const firstDelayMs = 100;
const maxDelayMs = 5000;

/**
 * Calls back for every NOTIFY on the channel. After the connection was lost and is back, every listener is called once with
 * an empty payload, because something may have been missed. NOTIFY is a hint: whoever listens also polls, slowly.
 * @returns a function that ends the subscription; the last one closes the connection
 */
export function listen(channel: Channel, onPayload: Listener): () => void {
  const ear = theEar();
  const known = ear.listeners.get(channel);
  const listeners = known ?? new Set<Listener>();
  ear.listeners.set(channel, listeners);
  listeners.add(onPayload);
  if (!ear.client) connect(ear);
  else if (!known) subscribe(ear, ear.client, channel);
  return () => {
    listeners.delete(onPayload);
    if ([...ear.listeners.values()].every((set) => set.size === 0)) close(ear);
  };
}

/** Ends every subscription and the connection, at once. */
export function stopListening(): void {
  if (held.burgeonEar) close(held.burgeonEar);
}

function theEar(): Ear {
  held.burgeonEar ??= {
    listeners: new Map(),
    client: null,
    isConnecting: false,
    retryTimer: null,
    delayMs: firstDelayMs,
  };
  return held.burgeonEar;
}

function connect(ear: Ear): void {
  if (ear.isConnecting || ear.client || ear.retryTimer) return;
  ear.isConnecting = true;
  open(ear).catch((cause: unknown) => {
    ear.isConnecting = false;
    retry(ear, cause);
  });
}

async function open(ear: Ear): Promise<void> {
  const client = await dedicatedConnection("listen");
  client.on("error", (cause) => lose(ear, client, cause));
  client.on("end", () => lose(ear, client, new Error("connection ended")));
  client.on("notification", ({ channel, payload }) => {
    for (const listener of ear.listeners.get(channel as Channel) ?? []) listener(payload ?? "");
  });
  const channels = [...ear.listeners.keys()];
  try {
    for (const channel of channels) await client.query(`LISTEN ${channel}`);
  } catch (cause) {
    await client.end();
    throw cause;
  }
  ear.isConnecting = false;
  if ([...ear.listeners.values()].every((set) => set.size === 0)) {
    await client.end();
    return;
  }
  ear.client = client;
  ear.delayMs = firstDelayMs;
  for (const channel of ear.listeners.keys()) if (!channels.includes(channel)) subscribe(ear, client, channel);
  for (const listeners of ear.listeners.values()) for (const listener of listeners) listener("");
}

function subscribe(ear: Ear, client: pg.Client, channel: Channel): void {
  client.query(`LISTEN ${channel}`).catch((cause: unknown) => lose(ear, client, cause));
}

function lose(ear: Ear, client: pg.Client, cause: unknown): void {
  if (ear.client !== client) return;
  ear.client = null;
  client.removeAllListeners("notification");
  client
    .end()
    .catch((failure: unknown) => logger.debug({ room: "db", failure: String(failure) }, "closing a lost connection"));
  retry(ear, cause);
}

function retry(ear: Ear, cause: unknown): void {
  if (ear.retryTimer || [...ear.listeners.values()].every((set) => set.size === 0)) return;
  logger.warn(
    { room: "db", cause: String(cause), delayMs: ear.delayMs },
    "not listening to the database, will try again",
  );
  ear.retryTimer = setTimeout(
    () => {
      ear.retryTimer = null;
      connect(ear);
    },
    ear.delayMs * (0.5 + Math.random() / 2),
  );
  ear.delayMs = Math.min(ear.delayMs * 2, maxDelayMs);
}

function close(ear: Ear): void {
  if (ear.retryTimer) clearTimeout(ear.retryTimer);
  ear.retryTimer = null;
  const { client } = ear;
  ear.client = null;
  ear.listeners.clear();
  client
    ?.end()
    .catch((failure: unknown) =>
      logger.debug({ room: "db", failure: String(failure) }, "closing the listening connection"),
    );
}
