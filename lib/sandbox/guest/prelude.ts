/**
 * Runs inside the virtual machine before any module code and is bundled on its own. It takes the host's functions and
 * the intrinsics it needs out of reach, builds `ctx`, and returns `drive`, which only the host can call.
 * It is a convenience, not a wall: whatever a module breaks in here, it breaks for itself.
 */
type Send = (...parts: string[]) => string;
type Operation = (ctx: GuestContext, input: unknown) => unknown;
/** What modules know as `Ctx`. */
export type GuestContext = ReturnType<typeof makeContext>;
type HttpResponse = ReturnType<typeof makeResponse>;

interface StartContext {
  now: string;
  config: Record<string, string | number | boolean>;
  connections: string[];
}

interface Waiting {
  resolve(response: HttpResponse): void;
  reject(error: Error): void;
}

const { parse, stringify } = JSON;
const { create, freeze, defineProperty } = Object;
const { apply, get: getProperty } = Reflect;
const then = Promise.prototype.then;
const startsWith = String.prototype.startsWith;
const slice = String.prototype.slice;
const GuestPromise = Promise;
const GuestError = Error;

/** Not in the library that modules are checked against, and not in every engine. */
const extraGlobals =
  "performance queueMicrotask atob btoa DOMException SharedArrayBuffer navigator console print".split(" ");

const world = globalThis as unknown as Record<string, unknown>;
const hostRequest = takeHostFunction("__hostRequest");
const hostLog = takeHostFunction("__hostLog");
const hostAsk = takeHostFunction("__hostAsk");
removeUnsupported();

const waiting: Record<string, Waiting | undefined> = create(null);
let nextRequest = 1;
let state = "pending";
let settled = "";

/** The only function the host calls. Every part and the result are strings. */
export function drive(verb: string, first: string, second: string, third: string): string {
  if (verb === "start") start(first, second, third);
  else if (verb === "answer") answer(first, second, third);
  else if (verb === "state") return state;
  else if (verb === "take") return settled;
  return "";
}

function start(operation: string, inputJson: string, contextJson: string): void {
  const ctx = makeContext(parse(contextJson));
  const input: unknown = parse(inputJson);
  const promise = new GuestPromise<unknown>((resolve) => {
    resolve(findOperation(operation)(ctx, input));
  });
  apply(then, promise, [finish, fail]);
}

function findOperation(name: string): Operation {
  const bundle = world.__burgeonModule as { default?: Record<string, unknown> } | undefined;
  const operations = bundle?.default;
  if (operations === null || typeof operations !== "object")
    throw new GuestError("The module has no default export that is an object of operations.");
  const run = operations[name];
  if (typeof run !== "function") throw new GuestError(`The module has no operation "${name}".`);
  return run.bind(operations) as Operation;
}

function finish(value: unknown): void {
  let json: string | undefined;
  try {
    json = stringify(value);
  } catch (error) {
    const described = describeError(error);
    settle("bad_result", stringify(described));
    return;
  }
  if (typeof json === "string") settle("ok", json);
  else
    settle(
      "bad_result",
      stringify({ message: `The operation returned ${typeof value}, which is not a value of JSON.` }),
    );
}

function fail(error: unknown): void {
  settle("error", stringify(describeError(error)));
}

function settle(next: string, text: string): void {
  if (state !== "pending") return;
  state = next;
  settled = text;
}

/** Texts of an error, cut: a hostile error may have getters, endless texts or no texts at all. */
function describeError(error: unknown): { name: string; message: string; code?: string; stack: string } {
  if (error === null || (typeof error !== "object" && typeof error !== "function"))
    return { name: "Error", message: cut(`${String(error)} was thrown, which is not an Error`), stack: "" };
  const text = (key: string) => {
    try {
      const value: unknown = getProperty(error, key);
      return typeof value === "string" ? cut(value) : "";
    } catch {
      return "";
    }
  };
  const code = text("code");
  return { name: text("name") || "Error", message: text("message"), ...(code ? { code } : {}), stack: text("stack") };
}

function cut(text: string): string {
  return apply(slice, text, [0, 4000]);
}

function makeContext(context: StartContext) {
  const http: Record<string, { request(request: unknown): Promise<HttpResponse> }> = create(null);
  for (const name of context.connections)
    defineProperty(http, name, {
      value: freeze({ request: (request: unknown) => send(name, request) }),
      enumerable: true,
    });
  const log = (level: string) => (message: string, data?: unknown) => {
    hostLog(level, `${message}`, data === undefined ? "" : (stringify(data) ?? ""));
  };
  return freeze({
    http: freeze(http),
    now: context.now,
    config: freeze(context.config),
    log: freeze({ debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") }),
    uuid: () => ask("uuid", ""),
    time: freeze({
      parseLocal: (text: string, zone: string) => ask("parse_local", stringify([text, zone])),
      format: (instant: string, zone: string) => ask("format", stringify([instant, zone])),
    }),
  });
}

/** Results of the host begin with `=`, refusals with `!`. */
function ask(question: string, detail: string): string {
  const reply = hostAsk(question, detail);
  if (apply(startsWith, reply, ["!"])) throw new GuestError(apply(slice, reply, [1]));
  return apply(slice, reply, [1]);
}

function send(connection: string, request: unknown): Promise<HttpResponse> {
  if (state !== "pending") throw new GuestError("The operation has returned: no more requests.");
  const requestId = `${nextRequest}`;
  nextRequest += 1;
  const promise = new GuestPromise<HttpResponse>((resolve, reject) => {
    waiting[requestId] = { resolve, reject };
  });
  const requestJson: string | undefined = stringify(request);
  if (typeof requestJson !== "string") throw new TypeError("A request is an object with a path.");
  hostRequest(requestId, connection, requestJson);
  return promise;
}

function answer(requestId: string, metaJson: string, body: string): void {
  const request = waiting[requestId];
  if (!request) return;
  waiting[requestId] = undefined;
  const meta: { status: number; headers: Record<string, string>; error?: { code: string; message: string } } =
    parse(metaJson);
  if (meta.error) request.reject(makeRequestError(meta.error));
  else request.resolve(makeResponse(meta.status, meta.headers, body));
}

function makeRequestError(error: { code: string; message: string }): Error {
  const result = new GuestError(error.message);
  defineProperty(result, "name", { value: "RequestError", configurable: true });
  defineProperty(result, "code", { value: error.code, enumerable: true });
  return result;
}

function makeResponse(status: number, headers: Record<string, string>, body: string) {
  return freeze({
    status,
    ok: status >= 200 && status < 300,
    headers: freeze(headers),
    text: () => body,
    json: <T>(): T => {
      try {
        return parse(body);
      } catch {
        throw new GuestError(`The reply (status ${status}) is not JSON. It begins: ${apply(slice, body, [0, 80])}`);
      }
    },
  });
}

function takeHostFunction(name: string): Send {
  const run = world[name] as Send;
  delete world[name];
  return run;
}

/** The engine has no Intl: these would quietly ignore the locale and the zone they are asked for. */
function removeUnsupported(): void {
  for (const prototype of [
    Date.prototype,
    Number.prototype,
    Array.prototype,
    String.prototype,
    BigInt.prototype,
    Object.prototype,
  ]) {
    const methods = prototype as unknown as Record<string, unknown>;
    for (const name of [
      "toLocaleString",
      "toLocaleDateString",
      "toLocaleTimeString",
      "toLocaleUpperCase",
      "toLocaleLowerCase",
      "localeCompare",
    ])
      delete methods[name];
  }
  for (const name of extraGlobals) delete world[name];
}
