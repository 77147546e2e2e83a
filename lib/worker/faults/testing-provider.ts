import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";

/**
 * The other side of the world: a process of its own that has effects and remembers every one of them. It survives whatever is
 * done to the workers and to the database, and can kill its caller at the worst moment.
 */
export interface ProviderFacts {
  /** What really happened, by the name the caller gave the thing. */
  effects: { kind: EffectKind; thing: string; key: string | null; count: number }[];
  /** Every request that reached it, in order, with its time in milliseconds; the status is null while it is not answered. */
  requests: { kind: string; thing: string; key: string | null; at: number; status: number | null }[];
}

/** `keyed` honours an Idempotency-Key, `own` takes the caller's id once (409 after that), `letter` knows no keys. */
export type EffectKind = "keyed" | "own" | "letter";

/** What happens to the next `times` requests about a thing. */
export interface Behaviour {
  thing: string;
  times?: number;
  /** Sent instead of doing it. */
  status?: number;
  retryAfterS?: number;
  /**
   * Once it is done and before the caller is told: `kill` ends the caller's process with -9, `hold` waits for `release`, `fault`
   * answers 500 all the same.
   */
  afterwards?: "kill" | "hold" | "fault";
  /** The answer is late by this much. */
  delayMs?: number;
}

interface Call {
  kind: string;
  thing: string;
  key: string | null;
  endCaller(): void;
}

const effects = new Map<string, ProviderFacts["effects"][number]>();
const requests: ProviderFacts["requests"] = [];
const behaviours: (Behaviour & { times: number })[] = [];
const held = new Map<string, (() => void)[]>();
const counts = new Map<string, number>();

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://provider");
  const [, kind = "", thing = ""] = url.pathname.split("/").map(decodeURIComponent);
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  if (kind === "facts") return answer(200, { effects: [...effects.values()], requests } satisfies ProviderFacts);
  if (kind === "behave") {
    const behaviour = JSON.parse(await readText(request)) as Behaviour;
    behaviours.push({ times: 1, ...behaviour });
    return answer(200, {});
  }
  if (kind === "release") {
    for (const go of held.get(thing) ?? []) go();
    held.delete(thing);
    return answer(200, {});
  }
  const key = headerOf(request, "idempotency-key");
  const record: ProviderFacts["requests"][number] = {
    kind: `${request.method} ${kind}`,
    thing,
    key,
    at: performance.now(),
    status: null,
  };
  requests.push(record);
  const { status, body, headers } = await act(request.method ?? "GET", {
    kind,
    thing,
    key,
    endCaller: () => endCaller(request),
  });
  record.status = status;
  answer(status, body, headers);
}

async function act(
  method: string,
  call: Call,
): Promise<{ status: number; body: unknown; headers?: Record<string, string> }> {
  const { kind, thing } = call;
  const behaviour = behaviours.find((one) => one.thing === thing && one.times > 0);
  if (behaviour) behaviour.times -= 1;
  if (behaviour?.status !== undefined)
    return {
      status: behaviour.status,
      body: { error: "told to" },
      headers: behaviour.retryAfterS === undefined ? {} : { "retry-after": String(behaviour.retryAfterS) },
    };
  const done = method === "POST" ? change(call) : look(kind, thing);
  if (behaviour?.afterwards === "kill") {
    call.endCaller();
    await new Promise(() => undefined);
  }
  if (behaviour?.afterwards === "hold") {
    await new Promise<void>((resolve) => {
      held.set(thing, [...(held.get(thing) ?? []), resolve]);
    });
  }
  if (behaviour?.afterwards === "fault") return { status: 500, body: { error: "told to" } };
  if (behaviour?.delayMs) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
  return done;
}

function change({ kind, thing, key }: Call): { status: number; body: unknown } {
  if (kind === "count") {
    const count = (counts.get(thing) ?? 0) + 1;
    counts.set(thing, count);
    return { status: 200, body: { count } };
  }
  if (kind === "model") return { status: 200, body: {} };
  const known = effects.get(`${kind}/${thing}`);
  if (kind === "own" && known) return { status: 409, body: { error: "exists" } };
  // A key belongs to one thing; the same key again gets the same answer and does nothing.
  if (kind === "keyed" && known && known.key === key) return { status: 200, body: { thing, replayed: true } };
  const effect = known ?? { kind: kind as EffectKind, thing, key, count: 0 };
  effect.count += 1;
  effects.set(`${kind}/${thing}`, effect);
  return { status: 201, body: { thing } };
}

function look(kind: string, thing: string): { status: number; body: unknown } {
  if (kind === "page") return { status: 200, body: { text: `About ${thing}` } };
  const known = effects.get(`${kind}/${thing}`);
  return known ? { status: 200, body: { thing, count: known.count } } : { status: 404, body: { error: "none" } };
}

/** Only while it is still connected: the number of a process that has gone may belong to another one by now. */
function endCaller(request: IncomingMessage): void {
  const pid = Number(request.headers["x-caller-pid"] ?? "0");
  if (pid <= 1) throw new Error("the caller did not say who it is");
  if (!request.socket.destroyed && !request.socket.readableEnded) process.kill(pid, "SIGKILL");
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Whoever started it may be killed without a word; then its end of this pipe closes.
  process.stdin.on("end", () => process.exit(0)).resume();
  const server = createServer((request, response) => {
    handle(request, response).catch((cause: unknown) => {
      appendFileSync(2, `${String(cause)}\n`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address) process.stdout.write(`${address.port}\n`);
  });
}
