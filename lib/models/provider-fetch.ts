import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { Readable } from "node:stream";
import { Agent, type Dispatcher, request } from "undici";
import { AppError } from "@/lib/contracts/errors";
import { checkUrl, isPublicAddress } from "@/lib/egress/address";
import { coalesceText } from "./coalesce-stream";
import { mayLeave } from "./hold-requests";

export interface ProviderOrigin {
  baseUrl: string;
  /** For the person, when something is refused. */
  title: string;
  /**
   * True when the one who runs Burgeon chose this address: it may then be on this machine or in their own network, on any
   * port. Otherwise the same rules hold as for any address that a user types.
   */
  mayBeLocal: boolean;
}

const connectMs = 10_000;
/** Of OpenAI's interface and everything that is compatible with it. */
const chatPath = "/chat/completions";
/**
 * Words may wait this long for others: an eye does not see it, and the client's work falls to a fifth. Where many answers stream at
 * the same time they wait longer; together with `TextAppender` it stays below a quarter of a second.
 */
const holdMs = (streams: number) => Math.min(190, 40 + 4 * (streams - 1));
/** An answer never comes near this; a server that goes on for ever is cut off. */
const maxBytes = 64 * 1024 * 1024;
/** Services that hand out credentials to whoever asks, in ranges that are otherwise fine. */
const metadataAddresses = new Set(["100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"]);
const localRanges = new Set(["unicast", "loopback", "private", "uniqueLocal", "carrierGradeNat"]);

/**
 * A `fetch` for one provider: it connects to the configured origin only, follows no redirect, and looks at every address
 * when it connects, so a name cannot change its answer in between. It sends when `holdRequests` lets it. Bodies stream and end with
 * the caller's signal.
 */
export function createProviderFetch(origin: ProviderOrigin): typeof globalThis.fetch {
  const configured = new URL(origin.baseUrl);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== configured.origin) throw refuse(origin, `it would go to ${url.host}`);
    await requireAllowed(url, origin);
    await mayLeave();
    init?.signal?.throwIfAborted();
    const { statusCode: status, headers: answered, body } = await send(url, init ?? {}, agentFor(origin.mayBeLocal));
    if (status >= 300 && status < 400) {
      await body.dump();
      throw refuse(origin, "it answered with a redirect, which is not followed with a key and a conversation");
    }
    const headers = new Headers(
      Object.entries(answered).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      ),
    );
    if (status === 204 || status === 205) {
      await body.dump();
      return new Response(null, { status, headers });
    }
    const isChatStream =
      headers.get("content-type")?.startsWith("text/event-stream") && url.pathname.endsWith(chatPath);
    const onTooLarge = () => refuse(origin, "its answer is larger than 64 MB");
    const bounded = isChatStream
      ? coalesceText(body, { holdMs, maxBytes, onTooLarge })
      : (Readable.toWeb(body) as ReadableStream<Uint8Array>).pipeThrough(limitBytes(onTooLarge));
    return new Response(bounded, { status, headers });
  };
}

/**
 * The request below `fetch`, which makes streams and header objects that nothing here needs. What fails is told as `fetch` tells
 * it, which is what the AI SDK understands: the signal's reason, or a TypeError "fetch failed".
 */
async function send(url: URL, init: RequestInit, dispatcher: Dispatcher): Promise<Dispatcher.ResponseData> {
  const { body = null, signal, method = "GET" } = init;
  if (body !== null && typeof body !== "string" && !(body instanceof Uint8Array))
    throw new TypeError("The body of a request to a provider is a text or bytes.");
  try {
    return await request(url, {
      ...{ method: method as Dispatcher.HttpMethod, body, signal, dispatcher },
      // Nothing here decompresses.
      headers: { "accept-encoding": "identity", ...Object.fromEntries(new Headers(init.headers)) },
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TypeError("fetch failed", { cause });
  }
}

/** May a provider on this machine or in the local network be reached at this address? Link-local and metadata never. */
export function isAllowedLocalAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  if (metadataAddresses.has(plain.toString())) return false;
  if (plain instanceof ipaddr.IPv6 && plain.zoneId) return false;
  return localRanges.has(plain.range()) || isPublicAddress(address);
}

/** Addresses written as numbers never reach the resolver, so they are judged here; names are judged when connecting. */
async function requireAllowed(url: URL, origin: ProviderOrigin): Promise<void> {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse(origin, "only http and https are allowed");
  if (url.username || url.password) throw refuse(origin, "an address with a user name or password is not allowed");
  if (!origin.mayBeLocal) {
    const decision = await checkUrl(url.href, resolveAll);
    if (!decision.allowed) throw refuse(origin, decision.reason);
    return;
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !isAllowedLocalAddress(host))
    throw refuse(origin, "this address belongs to the machine's own network services");
}

let agents: { local: Agent; open: Agent } | undefined;

function agentFor(mayBeLocal: boolean): Agent {
  agents ??= { local: createAgent(isAllowedLocalAddress), open: createAgent(isPublicAddress) };
  return mayBeLocal ? agents.local : agents.open;
}

function createAgent(isFit: (address: string) => boolean): Agent {
  return new Agent({
    connect: {
      timeout: connectMs,
      lookup: (host, options, callback) => {
        resolveAll(host).then(
          (addresses) => {
            const [first] = addresses;
            if (!first || !addresses.every(isFit)) return callback(new RefusedAddressError(host), "", 0);
            const answers = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
            if (options.all) callback(null, answers);
            else callback(null, first, first.includes(":") ? 6 : 4);
          },
          (cause: NodeJS.ErrnoException) => callback(cause, "", 0),
        );
      },
    },
  });
}

class RefusedAddressError extends Error {
  constructor(host: string) {
    super(`${host} leads to an address that is not allowed`);
  }
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map((answer) => answer.address);
}

function limitBytes(onTooLarge: () => Error): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(onTooLarge());
      else controller.enqueue(chunk);
    },
  });
}

function refuse({ title }: ProviderOrigin, why: string): AppError {
  return new AppError("refused", `Burgeon did not send this to ${title}: ${why}.`, {
    hint: "Check the address in Settings › Models.",
  });
}
