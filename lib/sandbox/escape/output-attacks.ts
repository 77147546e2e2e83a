import type { Attack } from "./attack";

/** Results, logs and errors that are too large, no JSON, or made to hurt whoever reads them. */
export const outputAttacks: Attack[] = [
  { name: "a result that is too long", body: 'return "x".repeat(100000);', ends: "output_limit" },
  { name: "a result of many small parts", body: "return Array(50000).fill(1);", ends: "output_limit" },
  { name: "a result that grows by escaping", body: 'return "\\u0000".repeat(30000);', ends: "output_limit" },
  { name: "a toJSON that grows", body: 'return { toJSON: () => "x".repeat(70000) };', ends: "output_limit" },
  { name: "nothing", body: "", ends: "bad_result", says: /undefined/ },
  { name: "a function", body: "return () => 1;", ends: "bad_result" },
  { name: "a symbol", body: "return Symbol('a');", ends: "bad_result" },
  { name: "a big integer", body: "return 1n;", ends: "bad_result" },
  { name: "a circle", body: "const a = {}; a.a = a; return a;", ends: "bad_result", says: /circular/i },
  { name: "a toJSON that gives nothing", body: "return { toJSON: () => undefined };", ends: "bad_result" },
  {
    name: "a toJSON that throws",
    body: 'return { toJSON() { throw new Error("no"); } };',
    ends: "bad_result",
    says: /no/,
  },
  {
    name: "a getter that throws",
    body: 'return { get a() { throw new Error("no"); } };',
    ends: "bad_result",
    says: /no/,
  },
  {
    name: "a proxy whose keys throw",
    body: 'return new Proxy({}, { ownKeys() { throw new Error("no"); } });',
    ends: "bad_result",
  },
  {
    name: "a revoked proxy",
    body: "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy;",
    ends: ["bad_result", "guest_error"],
  },
  {
    name: "a proxy with endless keys",
    body: "return new Proxy({}, { ownKeys: () => Array.from({ length: 1e6 }, (_, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) });",
    ends: ["memory_limit", "cpu_timeout", "output_limit"],
  },
  {
    name: "a getter that changes its mind",
    body: "let n = 0; return { get a() { return n++; }, toString: () => 'x' };",
    ends: { value: { a: 0 } },
  },
  { name: "numbers that JSON does not know", body: "return [NaN, Infinity, -0];", ends: { value: [null, null, 0] } },
  { name: "half of a character", body: 'return "\\ud800";', ends: { value: "\ud800" } },
  {
    name: "a __proto__ key",
    body: `return JSON.parse('{"__proto__":{"polluted":true}}');`,
    ends: "bad_result",
    says: /__proto__/,
  },
  {
    name: "a __proto__ key deep inside",
    body: `return [{ a: { ["__proto__"]: 1 } }];`,
    ends: "bad_result",
    says: /__proto__/,
  },
  {
    name: "a text that only looks like a __proto__ key",
    body: `return ['"__proto__":', "__proto__"];`,
    ends: { value: ['"__proto__":', "__proto__"] },
  },
  {
    name: "a constructor key",
    body: `return { constructor: { prototype: { polluted: true } } };`,
    ends: { value: { constructor: { prototype: { polluted: true } } } },
  },
  { name: "a log flood", body: 'for (;;) ctx.log.info("x");', ends: "log_limit" },
  { name: "a log flood that catches", body: 'for (;;) try { ctx.log.info("x"); } catch {}', ends: "log_limit" },
  { name: "one long log message", body: 'ctx.log.info("x".repeat(20000));', ends: "log_limit" },
  { name: "long log data", body: 'ctx.log.info("x", "y".repeat(20000));', ends: "log_limit" },
  {
    name: "a log flood while the file is loaded has no ctx to use",
    script: 'for (;;) ctx.log.info("x");',
    ends: "guest_error",
    says: /ctx/,
  },
  {
    name: "log data with a circle",
    body: "const a = {}; a.a = a; ctx.log.info('x', a);",
    ends: "guest_error",
    says: /circular/i,
  },
  {
    name: "log data that is nested deeply",
    body: `let a = 1; for (let i = 0; i < 2000; i++) a = [a]; ctx.log.info("x", a); return 1;`,
    ends: { value: 1 },
  },
  { name: "a log level of its own", body: "return typeof ctx.log.fatal;", ends: { value: "undefined" } },
  { name: "null is thrown", body: "throw null;", ends: "guest_error", says: /null was thrown/ },
  { name: "nothing is thrown", body: "throw undefined;", ends: "guest_error", says: /undefined was thrown/ },
  { name: "a symbol is thrown", body: 'throw Symbol("s");', ends: "guest_error", says: /Symbol\(s\) was thrown/ },
  {
    name: "an error with a very long message",
    body: 'throw new Error("x".repeat(1000000));',
    ends: "guest_error",
    says: /^x{4000}…?$/,
  },
  {
    name: "an error whose getters throw",
    body: "throw { get name() { throw 1; }, get message() { throw 2; }, get stack() { throw 3; } };",
    ends: "guest_error",
  },
  {
    name: "an error whose getters throw the error, while loading",
    script:
      "const e = { get name() { throw e; }, get message() { throw e; }, get stack() { throw e; }, toString() { throw e; } }; throw e;",
    ends: ["guest_error", "stack_overflow", "vm_trap"],
  },
  {
    name: "an error that calls itself a limit",
    body: 'const e = new Error("The code computed too much"); e.code = "cpu_timeout"; e.name = "MachineStopped"; throw e;',
    ends: "guest_error",
  },
  {
    name: "a proxy is thrown",
    body: "throw new Proxy(new Error('p'), { get: (t, k) => { if (k === 'message') return 'trap'; throw t; } });",
    ends: "guest_error",
  },
  {
    name: "prepareStackTrace of its own",
    body: "Error.prepareStackTrace = () => { for (;;) {} }; throw new Error('x');",
    ends: ["cpu_timeout", "guest_error"],
  },
  {
    name: "a result after Object.prototype.toJSON was set",
    body: "Object.prototype.toJSON = function () { return 'forged'; }; return { a: 1 };",
    ends: { value: "forged" },
  },
];
