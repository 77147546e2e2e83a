import type { Attack } from "./attack";

/** Code that recurses: in itself, in the engine's parsers, in the host's readers of its results. */
export const stackAttacks: Attack[] = [
  { name: "a function that calls itself", body: "const f = () => f() + 1; return f();", ends: "stack_overflow" },
  { name: "recursion while the file is loaded", script: "const f = () => f() + 1; f();", ends: "stack_overflow" },
  {
    name: "recursion through a getter",
    body: "const o = { get a() { return this.a; } }; return o.a;",
    ends: "stack_overflow",
  },
  {
    name: "recursion through a proxy",
    body: "const p = new Proxy({}, { get: (t, k, r) => r[k] }); return p.a;",
    ends: "stack_overflow",
  },
  {
    name: "recursion through toString",
    body: 'const o = { toString() { return "" + this; } }; return "" + o;',
    ends: "stack_overflow",
  },
  { name: "recursion through forEach", body: "const f = () => [1].forEach(f); return f();", ends: "stack_overflow" },
  {
    name: "recursion through replace",
    body: 'const f = () => "a".replace(/a/, f); return f();',
    ends: "stack_overflow",
  },
  { name: "recursion through a constructor", body: "class A { b = new A(); } return new A();", ends: "stack_overflow" },
  {
    name: "recursion through Reflect.apply",
    body: "const f = () => Reflect.apply(f, null, []); return f();",
    ends: "stack_overflow",
  },
  {
    name: "recursion that catches and goes on",
    body: "const f = () => { try { f(); } catch { f(); } }; f(); return 1;",
    ends: ["cpu_timeout", "stack_overflow"],
  },
  {
    name: "JSON.parse of deep brackets",
    body: 'return JSON.parse("[".repeat(200000) + "]".repeat(200000));',
    ends: ["stack_overflow", "memory_limit", "guest_error", "bad_result"],
  },
  {
    name: "JSON.stringify of a deep value",
    body: "let a = []; for (let i = 0; i < 100000; i++) a = [a]; return JSON.stringify(a).length;",
    ends: ["stack_overflow", "memory_limit", "cpu_timeout"],
  },
  {
    name: "deep source text",
    script: `${"(".repeat(100_000)}1${")".repeat(100_000)}`,
    ends: ["build_rejected", "stack_overflow", "guest_error"],
  },
  {
    name: "deep source text made inside",
    body: 'return (0, eval)("[".repeat(100000));',
    ends: ["stack_overflow", "guest_error", "memory_limit"],
  },
  {
    name: "a chain of bound functions",
    body: "let f = () => 1; for (let i = 0; i < 50000; i++) f = f.bind(null); return f();",
    ends: ["stack_overflow", "memory_limit"],
  },
  {
    name: "a chain of prototypes",
    body: "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); return o.missing === undefined;",
    ends: { value: true },
  },
  {
    name: "a result that is nested too deeply",
    body: "let a = 1; for (let i = 0; i < 300; i++) a = [a]; return a;",
    ends: "bad_result",
    says: /nested deeper/,
  },
  {
    name: "a result that is nested as deeply as allowed",
    body: "let a = 1; for (let i = 0; i < 150; i++) a = [a]; return JSON.stringify(a).length;",
    ends: { value: 301 },
  },
];
