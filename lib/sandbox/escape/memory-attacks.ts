import type { Attack } from "./attack";

/** Code that wants all memory. The engine's own count and V8's maximum of the WASM memory both stand against it. */
export const memoryAttacks: Attack[] = [
  { name: "many small objects", body: "const a = []; for (;;) a.push({});", ends: "memory_limit" },
  {
    name: "many texts of a kilobyte",
    body: 'const a = []; for (;;) a.push("x".repeat(1000) + a.length);',
    ends: "memory_limit",
  },
  {
    name: "many buffers of a megabyte",
    body: "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20));",
    ends: "memory_limit",
  },
  { name: "one buffer of a gigabyte", body: "return new ArrayBuffer(1 << 30).byteLength;", ends: "memory_limit" },
  {
    name: "a typed array of two gigabytes",
    body: "return new Float64Array(1 << 28).length;",
    ends: ["memory_limit", "guest_error"],
  },
  {
    name: "a growing buffer",
    body: "const b = new ArrayBuffer(8, { maxByteLength: 1 << 30 }); b.resize(1 << 30); return b.byteLength;",
    ends: ["memory_limit", "guest_error"],
  },
  { name: "a text that doubles", body: 'let s = "x"; for (;;) s += s;', ends: ["memory_limit", "guest_error"] },
  { name: "a huge repeat", body: 'return "ab".repeat(2 ** 29).length;', ends: ["memory_limit", "guest_error"] },
  {
    name: "padStart and split of a quarter gigabyte",
    body: 'return "".padStart(2 ** 28).split("").length;',
    ends: ["memory_limit", "guest_error"],
  },
  {
    name: "a rope of concatenations",
    body: 'let s = ""; for (;;) s = s + "0123456789".repeat(100) + s.length;',
    ends: ["memory_limit", "cpu_timeout", "guest_error"],
  },
  { name: "an array that doubles", body: "let a = [1]; for (;;) a = a.concat(a);", ends: "memory_limit" },
  {
    name: "an array pushed into itself as arguments",
    body: "const a = [1]; for (;;) a.push(...a);",
    ends: ["guest_error", "stack_overflow", "memory_limit"],
  },
  {
    name: "a map of everything",
    body: "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
    ends: "memory_limit",
  },
  {
    name: "a million closures",
    body: "const a = []; for (;;) { const x = new Array(10).fill(0); a.push(() => x); }",
    ends: "memory_limit",
  },
  {
    name: "promises that are never settled",
    body: "const a = []; for (;;) a.push(new Promise(() => {}));",
    ends: "memory_limit",
  },
  {
    name: "symbols with long names",
    body: 'const a = []; for (let i = 0; ; i++) a.push(Symbol.for("n".repeat(1000) + i));',
    ends: "memory_limit",
  },
  {
    name: "regular expressions by the thousand",
    body: 'const a = []; for (let i = 0; ; i++) a.push(new RegExp("(a|b)".repeat(100) + i));',
    ends: ["memory_limit", "cpu_timeout"],
  },
  {
    name: "one enormous regular expression",
    body: 'return new RegExp("(".repeat(100000) + "a" + ")".repeat(100000)).test("a");',
    ends: ["memory_limit", "stack_overflow", "guest_error"],
  },
  {
    name: "an object with a million properties",
    body: "const o = {}; for (let i = 0; ; i++) o['k' + i] = i;",
    ends: "memory_limit",
  },
  {
    name: "memory that is caught and asked for again",
    body: "for (;;) { try { const a = []; for (;;) a.push(new Array(1000).fill(1)); } catch {} }",
    ends: ["memory_limit", "cpu_timeout"],
  },
  { name: "memory while the file is loaded", script: "const a = []; for (;;) a.push({});", ends: "memory_limit" },
  {
    name: "memory while the result is written",
    body: 'const s = "x".repeat(1 << 20); return Array(100).fill(s);',
    ends: "memory_limit",
  },
  {
    name: "memory in a log message",
    body: 'ctx.log.info("x".repeat(1 << 26));',
    ends: ["memory_limit", "guest_error"],
  },
  {
    name: "memory by JSON.parse",
    body: "return JSON.parse('[' + '{},'.repeat(2000000) + '1]').length;",
    ends: "memory_limit",
  },
];
