const useConnection = "Send requests with ctx.http.<connection>.request({ method, path, query, json }).";
const useTime = "Use ctx.time.parseLocal(text, zone) and ctx.time.format(instant, zone).";
const useNoTimers = 'There are no timers. Throw ModuleError("rate_limited", …) and the host tries again later.';
const useNoHost =
  "Modules have no access to the machine. Settings are in ctx.config; credentials are added by the host.";

const hints: Record<string, string> = {
  Intl: useTime,
  toLocaleString: useTime,
  toLocaleDateString: useTime,
  toLocaleTimeString: useTime,
  localeCompare: "Compare with < and >; the sandbox knows no languages.",
  setTimeout: useNoTimers,
  setInterval: useNoTimers,
  setImmediate: useNoTimers,
  clearTimeout: useNoTimers,
  fetch: useConnection,
  XMLHttpRequest: useConnection,
  WebSocket: useConnection,
  Request: useConnection,
  Headers: 'Headers are a plain object: headers: { accept: "application/json" }.',
  console: "Use ctx.log.info(message, data).",
  URL: "Give path and query to request(); the host builds the address.",
  URLSearchParams: "Give query: { name: value } to request(); for a body give form: { name: value }.",
  process: useNoHost,
  Buffer: "There are no bytes here: requests and replies are text.",
  require: 'Use import; only "@burgeon/sdk" and files of the module can be imported.',
  module: "Use export default.",
  exports: "Use export default.",
  __dirname: useNoHost,
  TextEncoder: "There are no bytes here: requests and replies are text.",
  TextDecoder: "There are no bytes here: requests and replies are text.",
  crypto: "ctx.uuid() makes ids; signing is done by the host.",
  atob: "Base64 is not available here.",
  btoa: "Base64 is not available here; basic authorization is added by the host.",
  structuredClone: "Use JSON.parse(JSON.stringify(value)).",
  AbortController: "The host limits the time of a call.",
  window: useNoHost,
  globalThis: useNoHost,
  document: useNoHost,
  SharedArrayBuffer: "There is no shared memory.",
  Atomics: "There is no shared memory.",
};

/** Node's own modules are reported as names. */
export function findMissingModule(message: string): string | undefined {
  const [, module, name] = /Cannot find (?:module '([^']+)'|name '(node:[^']+)')/.exec(message) ?? [];
  return module ?? name;
}

/** What to do instead, when a compiler message is about something that the sandbox does not have. */
export function hintForMissingName(message: string): string | undefined {
  const name =
    /Cannot find (?:name|namespace) '(\w+)'/.exec(message)?.[1] ??
    /Property '(\w+)' does not exist on type/.exec(message)?.[1] ??
    /has no exported member (?:named )?'(\w+)'/.exec(message)?.[1] ??
    (/no index signature/.test(message) ? "globalThis" : undefined);
  if (name && Object.hasOwn(hints, name)) return hints[name];
  const imported = findMissingModule(message);
  if (imported === "@burgeon/sdk/test") return "Only test files (*.test.ts) may import it.";
  if (imported) return 'Only "@burgeon/sdk" and files of this module can be imported.';
  if (/'response' is of type 'unknown'|is of type 'unknown'/.test(message))
    return "Name the shape: response.json<{ items: Item[] }>().";
  return undefined;
}
