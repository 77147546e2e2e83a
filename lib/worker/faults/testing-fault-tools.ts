import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import type { Effect, IdempotencyClass, Reconciled, Tool, ToolContext } from "@/lib/contracts/tool";
import { defineTool } from "@/lib/tools/define-tool";
import type { FaultTool } from "./testing-program";

const input = z.strictObject({ thing: z.string(), ms: z.number().optional() });
const output = z.record(z.string(), z.json());
type Input = z.output<typeof input>;
type Output = z.output<typeof output>;

/** One tool of every effect class; each has its effect at the fake provider. */
export function faultTools(providerUrl: string): Tool[] {
  const provider = new Provider(providerUrl);
  return [
    tool("read_page", "read", "read", ({ thing }, context) => provider.send("GET", "page", thing, context)),
    tool("charge_card", "write", "keyed", ({ thing }, context) => provider.send("POST", "keyed", thing, context)),
    tool("add_event", "write", "natural", (given, context) => addEvent(provider, given, context)),
    tool("send_letter", "write", "none", ({ thing }, context) => provider.send("POST", "letter", thing, context)),
    {
      ...tool("send_parcel", "write", "none", ({ thing }, context) => provider.send("POST", "letter", thing, context)),
      reconcile: (given) => track(provider, input.parse(given)),
    },
    tool("send_telegram", "write", "none", (given, context) => sendTelegram(provider, given, context)),
    tool("erase_file", "destroy", "keyed", ({ thing }, context) => provider.send("POST", "keyed", thing, context)),
    tool("block_loop", "read", "read", (given, context) => blockLoop(provider, given, context)),
  ];
}

function tool(
  name: FaultTool,
  effect: Effect,
  idempotency: IdempotencyClass,
  act: (given: Input, context: ToolContext) => Promise<Output>,
): Tool {
  return defineTool({
    name,
    title: name.replace("_", " "),
    description: "A tool of the fault tests.",
    effect,
    idempotency,
    timeoutMs: 60_000,
    input,
    output,
    execute: async (given, context) => ({ kind: "done", output: await act(given, context) }),
  });
}

/** As with Google's events.insert: the id is ours and comes of the call, so the second insert is refused and the first one read. */
async function addEvent(provider: Provider, { thing }: Input, context: ToolContext): Promise<Output> {
  try {
    return await provider.send("POST", "own", thing, context);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "conflict") throw cause;
    return provider.send("GET", "own", thing, context);
  }
}

/** Nothing prevents a second parcel, but the carrier can be asked for the first one. */
async function track(provider: Provider, { thing }: Input): Promise<Reconciled> {
  const response = await provider.request("GET", "letter", thing);
  const body: unknown = await response.json();
  if (response.ok) return { state: "done", output: output.parse(body) };
  return { state: response.status === 404 ? "undone" : "unknown" };
}

/** Says how far it is while it works. */
async function sendTelegram(provider: Provider, { thing, ms = 0 }: Input, context: ToolContext): Promise<Output> {
  context.progress("Written down.");
  const sent = await provider.send("POST", "letter", thing, context);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return sent;
}

/** The first time, nothing else in this process gets a turn for so long: no heartbeat, no answer. */
async function blockLoop(provider: Provider, { thing, ms = 0 }: Input, context: ToolContext): Promise<Output> {
  const { count } = await provider.send("POST", "count", thing, context);
  if (count === 1) blockThread(ms);
  return provider.send("GET", "page", thing, context);
}

export function blockThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export class Provider {
  constructor(private readonly url: string) {}

  async send(
    method: "GET" | "POST",
    kind: string,
    thing: string,
    context?: Pick<ToolContext, "idempotencyKey">,
  ): Promise<Output> {
    const response = await this.request(method, kind, thing, context?.idempotencyKey);
    if (response.ok) return output.parse(await response.json());
    await response.body?.cancel();
    const retryAfterS = Number(response.headers.get("retry-after") ?? "0");
    const codes = { 404: "not-found", 409: "conflict", 429: "rate-limited" } as const;
    const code = codes[response.status as keyof typeof codes] ?? (response.status < 500 ? "invalid" : "unavailable");
    throw new AppError(code, `The provider answered ${response.status}.`, {
      ...(retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {}),
    });
  }

  async request(method: "GET" | "POST", kind: string, thing: string, key?: string): Promise<Response> {
    const headers = { "x-caller-pid": String(process.pid), ...(key === undefined ? {} : { "idempotency-key": key }) };
    try {
      return await fetch(`${this.url}/${kind}/${encodeURIComponent(thing)}`, { method, headers });
    } catch (cause) {
      throw new AppError("unavailable", "The provider does not answer.", { cause });
    }
  }
}
