import type { Attack } from "./attack";

/** Names of an outside world. None of them exists inside. */
const outsideNames =
  "process require module exports global window self document navigator fetch XMLHttpRequest WebSocket Worker importScripts Deno Bun std os bjson print console performance setTimeout setInterval setImmediate queueMicrotask WebAssembly SharedArrayBuffer Atomics Buffer URL Intl crypto structuredClone postMessage parentPort workerData __hostRequest __hostLog __hostAsk prelude drive gc scriptArgs";

/** Ways to reach the host, its functions, another call, or the rules of the wall itself. */
export const prototypeAttacks: Attack[] = [
  {
    name: "every known name of an outside world",
    body: `return ${JSON.stringify(outsideNames)}.split(" ").filter((name) => typeof globalThis[name] !== "undefined");`,
    ends: { value: [] },
  },
  {
    name: "new Function finds only its own world",
    body: 'return typeof new Function("return this")().process;',
    ends: { value: "undefined" },
  },
  {
    name: "the constructor of ctx's functions leads nowhere",
    body: 'return typeof ctx.uuid.constructor("return this")().process;',
    ends: { value: "undefined" },
  },
  {
    name: "the constructor of an error leads nowhere",
    body: `try { ctx.time.parseLocal("x", "y"); } catch (e) { return typeof e.constructor.constructor("return process").call; }`,
    ends: { value: "function" },
  },
  {
    name: "the constructor of a host error is called",
    body: `try { ctx.time.parseLocal("x", "y"); } catch (e) { return e.constructor.constructor("return process")(); }`,
    ends: "guest_error",
    says: /process/,
  },
  {
    name: "a host error shows no path of the host",
    body: `try { ctx.time.parseLocal("x", "y"); } catch (e) { return /\\/work|node_modules|worker|file:/.test(e.stack + e.message); }`,
    ends: { value: false },
  },
  {
    name: "a request error shows no path of the host",
    body: `try { await ctx.http.denied.request({ path: "/" }); } catch (e) { return [e.name, e.code, /\\/work|node_modules|worker|file:/.test(e.stack + e.message)]; }`,
    ends: { value: ["RequestError", "blocked", false] },
  },
  { name: "import()", body: 'return import("node:fs");', ends: ["guest_error", "build_rejected"] },
  { name: "import() of a file", body: 'return import("/etc/passwd");', ends: ["guest_error", "build_rejected"] },
  {
    name: "import inside eval",
    body: `return (0, eval)('import("node:fs")');`,
    ends: ["guest_error", "build_rejected"],
  },
  {
    name: "the caller of a function",
    body: "return (function f() { return f.caller === null || f.caller === undefined; })();",
    ends: { value: true },
  },
  {
    name: "stack frames give functions of the prelude only, which know no host",
    body: "Error.prepareStackTrace = (e, s) => s; const frames = new Error().stack; return Array.isArray(frames) ? frames.map((f) => typeof f.getThis).filter((t) => t === 'function') : [];",
    ends: { value: [] },
  },
  { name: "ctx cannot be changed", body: `"use strict"; ctx.now = "2000"; return ctx.now;`, ends: "guest_error" },
  {
    name: "ctx.http cannot get a connection",
    body: `"use strict"; ctx.http.other = ctx.http.api; return 1;`,
    ends: "guest_error",
  },
  {
    name: "ctx.http has no prototype to climb",
    body: "return Object.getPrototypeOf(ctx.http) === null && ctx.http.constructor === undefined && ctx.http.__proto__ === undefined;",
    ends: { value: true },
  },
  {
    name: "a replaced JSON.stringify does not see what the host reads",
    body: "JSON.stringify = () => 'forged'; JSON.parse = () => 'forged'; return { a: (await ctx.http.api.request({ path: '/' })).json() };",
    ends: { value: { a: { ok: true } } },
  },
  {
    name: "a replaced Promise.then breaks only its own call",
    body: "Promise.prototype.then = () => { throw 1; }; return 1;",
    ends: "guest_error",
    says: /^1 was thrown/,
  },
  {
    name: "a replaced Promise",
    body: "globalThis.Promise = class { constructor() { throw 1; } }; return (await ctx.http.api.request({ path: '/' })).status;",
    ends: { value: 200 },
  },
  {
    name: "a replaced Error",
    body: "globalThis.Error = function () { return { message: 'forged' }; }; try { ctx.time.parseLocal('x', 'y'); } catch (e) { return e.message; }",
    ends: { value: '"x" is not a local date and time such as 2026-03-08T14:30.' },
  },
  {
    name: "a replaced Object.freeze and Reflect",
    body: "Object.freeze = Object.defineProperty = Reflect.apply = () => { throw 1; }; return (await ctx.http.api.request({ path: '/' })).ok;",
    ends: { value: true },
  },
  {
    name: "a polluted Object.prototype stays inside",
    body: "Object.prototype.polluted = true; Object.prototype.status = 99; Object.prototype.error = { code: 'x', message: 'y' }; return (await ctx.http.api.request({ path: '/' })).status;",
    ends: "guest_error",
    says: /y$/,
  },
  {
    name: "a setter on Object.prototype sees no host function",
    body: "const seen = []; for (const n of ['resolve', 'reject', 'status', 'error', 'headers']) Object.defineProperty(Object.prototype, n, { set(v) { seen.push(typeof v); }, get() { return undefined; }, configurable: true }); try { await ctx.http.api.request({ path: '/' }); } catch {} return seen;",
    ends: { value: [] },
  },
  {
    name: "an array setter sees no function",
    body: "let functions = 0; Object.defineProperty(Array.prototype, 0, { set(v) { if (typeof v === 'function') functions += 1; }, configurable: true }); ctx.uuid(); await ctx.http.api.request({ path: '/' }); return functions;",
    ends: { value: 0 },
  },
  {
    name: "__proto__ in the input pollutes nothing",
    body: "return [({}).polluted === undefined, Object.keys(input).includes('__proto__')];",
    inputJson: '{"__proto__":{"polluted":true}}',
    ends: { value: [true, true] },
  },
  {
    name: "an operation of the prototype",
    script: "var __burgeonModule = { default: Object.create({ go: async () => 1 }) };",
    ends: { value: 1 },
  },
  {
    name: "a default export that is a proxy",
    script: "var __burgeonModule = { default: new Proxy({}, { get: () => () => 'trap' }) };",
    ends: { value: "trap" },
  },
  {
    name: "a default export that is a getter",
    script: "var __burgeonModule = { get default() { for (;;) {} } };",
    ends: "cpu_timeout",
  },
  { name: "no default export", script: "var __burgeonModule = {};", ends: "guest_error", says: /default export/ },
  { name: "no module at all", script: "1 + 1;", ends: "guest_error", says: /default export/ },
  { name: "a script that does not parse", script: "this is no script", ends: "build_rejected" },
  {
    name: "the driver's name is free and does nothing",
    script:
      "globalThis.drive = globalThis.prelude = () => 'forged'; var __burgeonModule = { default: { go: async () => 1 } };",
    ends: { value: 1 },
  },
  {
    name: "names of host functions are free and do nothing",
    script:
      "globalThis.__hostRequest = globalThis.__hostLog = () => { throw 1; }; var __burgeonModule = { default: { go: async (ctx) => { ctx.log.info('x'); return (await ctx.http.api.request({ path: '/' })).status; } } };",
    ends: { value: 200 },
  },
  {
    name: "a thenable result forges nothing",
    body: "return { then(done) { done({ ok: false, code: 'forged' }); done(2); } };",
    ends: { value: { ok: false, code: "forged" } },
  },
  {
    name: "state that an earlier call left",
    body: "globalThis.count = (globalThis.count ?? 0) + 1; Array.prototype.left = 1; return globalThis.count;",
    ends: { value: 1 },
  },
  {
    name: "the time zone of the host",
    body: "return [new Date(0).getTimezoneOffset(), new Date(0).getHours()];",
    ends: { value: [0, 0] },
  },
  {
    name: "a hostile time zone",
    body: "try { return ctx.time.format(ctx.now, '../../etc/passwd'); } catch (e) { return e.message; }",
    ends: { value: '"../../etc/passwd" is not a time zone such as Europe/Berlin.' },
  },
  {
    name: "a question that is too long",
    body: "try { return ctx.time.format('x'.repeat(100000), 'UTC'); } catch (e) { return e.message; }",
    ends: { value: "The text is too long." },
  },
  {
    name: "a question with an object that pretends to be text",
    body: "try { return ctx.time.format({ toString: () => ctx.now }, ['UTC']); } catch (e) { return e.message; }",
    ends: { value: "A text and a time zone are needed." },
  },
];
