import type { Attack } from "./attack";

/** Code that wants the processor for ever. Native loops never ask the engine whether they should stop. */
export const cpuAttacks: Attack[] = [
  { name: "an endless loop", body: "for (;;) {}", ends: "cpu_timeout" },
  { name: "an endless loop after an await", body: "await null; for (;;) {}", ends: "cpu_timeout" },
  {
    name: "an endless loop after an answer",
    body: 'await ctx.http.api.request({ path: "/" }); for (;;) {}',
    ends: "cpu_timeout",
  },
  { name: "an endless loop while the file is loaded", script: "for (;;) {}", ends: "cpu_timeout" },
  {
    name: "loops that catch everything",
    body: "for (;;) { try { for (;;) {} } catch {} finally { continue; } }",
    ends: "cpu_timeout",
  },
  {
    name: "many slices that are each below the limit",
    body: `for (;;) { const end = Date.now() + 60; while (Date.now() < end) {} await ctx.http.api.request({ path: "/" }); }`,
    limits: { requests: 10_000 },
    ends: "cpu_timeout",
  },
  {
    name: "a microtask flood by then",
    body: "const next = () => Promise.resolve().then(next); return next();",
    ends: ["cpu_timeout", "memory_limit"],
  },
  { name: "a microtask flood by await", body: "for (;;) await null;", ends: "cpu_timeout" },
  {
    name: "a microtask flood that nobody waits for",
    body: "const next = () => { Promise.resolve().then(next); }; next(); await new Promise(() => {});",
    ends: "cpu_timeout",
  },
  {
    name: "two microtask floods that feed each other",
    body: "const a = async () => { await 0; b(); }; const b = async () => { await 0; a(); }; a(); await new Promise(() => {});",
    ends: "cpu_timeout",
  },
  {
    name: "a thenable that calls itself",
    body: "const t = { then(done) { done(t); } }; return t;",
    ends: ["cpu_timeout", "memory_limit"],
  },
  {
    name: "a regular expression with catastrophic backtracking",
    body: 'return /^(a+)+$/.test("a".repeat(40) + "!");',
    ends: ["cpu_timeout", "guest_error", "stack_overflow"],
  },
  {
    name: "nested quantifiers with a backreference",
    body: String.raw`return /^(?:(a*)*\1)+$/.test("a".repeat(60) + "b");`,
    ends: ["cpu_timeout", "guest_error", "stack_overflow"],
  },
  {
    name: "a native search over long texts",
    body: 'const s = "a".repeat(1 << 21); for (;;) s.lastIndexOf("b" + s);',
    ends: ["cpu_timeout"],
  },
  {
    name: "one native search that is quadratic",
    body: 'const s = "a".repeat(1 << 20); return s.indexOf("a".repeat(1 << 19) + "b");',
    ends: ["cpu_timeout"],
  },
  {
    name: "indexOf over a sparse array",
    body: "const a = []; a.length = 4294967295; return a.indexOf(1);",
    ends: "cpu_timeout",
  },
  {
    name: "join of a huge sparse array",
    body: "return new Array(2 ** 32 - 1).join().length;",
    ends: ["cpu_timeout", "memory_limit", "guest_error"],
  },
  {
    name: "fill of a huge array-like",
    body: "return Array.prototype.fill.call({ length: Number.MAX_SAFE_INTEGER }, 0).length;",
    ends: ["cpu_timeout", "memory_limit"],
  },
  {
    name: "sort with a comparison that never decides",
    body: "const a = Array.from({ length: 200000 }, (_, i) => i); for (;;) a.sort(() => Math.random() - 0.5);",
    ends: ["cpu_timeout", "memory_limit"],
  },
  {
    name: "an endless iterator that is spread",
    body: "return [...(function* () { for (;;) yield 1; })()].length;",
    ends: ["cpu_timeout", "memory_limit"],
  },
  {
    name: "an endless iterator given to Set",
    body: "return new Set({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) }).size;",
    ends: "cpu_timeout",
  },
  {
    name: "an endless getter while the result is written",
    body: "return { get a() { for (;;) {} } };",
    ends: "cpu_timeout",
  },
  { name: "an endless toJSON", body: "return { toJSON() { for (;;) {} } };", ends: "cpu_timeout" },
  {
    name: "an endless getter of a thrown error",
    body: "throw { get message() { for (;;) {} } };",
    ends: "cpu_timeout",
  },
  {
    name: "an endless toString of a log message",
    body: "ctx.log.info({ toString() { for (;;) {} } });",
    ends: "cpu_timeout",
  },
  {
    name: "an endless toPrimitive in a request",
    body: "await ctx.http.api.request({ path: '/', get json() { for (;;) {} } });",
    ends: "cpu_timeout",
  },
  {
    name: "big integers with thousands of digits",
    body: "let n = 3n; for (;;) n = n * n;",
    ends: ["cpu_timeout", "memory_limit", "guest_error"],
  },
  {
    name: "a power of big integers",
    body: "return String(7n ** 7_000_000n).length;",
    ends: ["cpu_timeout", "memory_limit", "guest_error"],
  },
];
