import type { Attack } from "./attack";

const ask = (request: string, connection = "api") =>
  `try { return (await ctx.http.${connection}.request(${request})).status; } catch (e) { return e.code ?? e.message; }`;

/** Requests that are too many, too large, malformed, to nowhere, or made when the call is over. */
export const requestAttacks: Attack[] = [
  { name: "a request flood", body: "for (;;) ctx.http.api.request({ path: '/' });", ends: "request_limit" },
  {
    name: "a request flood one after the other",
    body: "for (;;) await ctx.http.api.request({ path: '/' });",
    ends: "request_limit",
  },
  {
    name: "a request flood that catches",
    body: "for (;;) try { await ctx.http.api.request({ path: '/' }); } catch {}",
    ends: "request_limit",
  },
  {
    name: "a request flood by Promise.all",
    body: "return Promise.all(Array.from({ length: 100 }, () => ctx.http.api.request({ path: '/' })));",
    ends: "request_limit",
  },
  {
    name: "a request that is too long",
    body: "await ctx.http.api.request({ path: '/', text: 'x'.repeat(20000) });",
    ends: "request_limit",
  },
  {
    name: "a request that is nested deeply",
    body: `let a = 1; for (let i = 0; i < 1000; i++) a = [a]; ${ask("{ path: '/', json: a }")}`,
    ends: { value: "invalid_request" },
  },
  {
    name: "a request with a __proto__ key",
    body: ask(`{ path: '/', json: JSON.parse('{"__proto__":1}') }`),
    ends: { value: "invalid_request" },
  },
  {
    name: "a request with unknown fields",
    body: ask("{ path: '/', redirect: 'follow' }"),
    ends: { value: "invalid_request" },
  },
  { name: "a request without a path", body: ask("{}"), ends: { value: "invalid_request" } },
  {
    name: "a request with numbers for texts",
    body: ask("{ path: 5, method: {} }"),
    ends: { value: "invalid_request" },
  },
  { name: "a request that is no object", body: ask("'/'"), ends: { value: "invalid_request" } },
  {
    name: "a request that is undefined",
    body: ask("undefined"),
    ends: { value: "A request is an object with a path." },
  },
  {
    name: "a request with headers that are no texts",
    body: ask("{ path: '/', headers: { a: [1] } }"),
    ends: { value: "invalid_request" },
  },
  {
    name: "a request with a circle",
    body: `const a = {}; a.a = a; ${ask("{ path: '/', json: a }")}`,
    ends: { value: "circular reference" },
  },
  { name: "a connection that is not declared", body: "return ctx.http.other === undefined;", ends: { value: true } },
  { name: "a reply that is too large", body: ask("{ path: '/' }", "large"), ends: { value: "response_too_large" } },
  {
    name: "a reply that is no JSON",
    body: "const r = await ctx.http.text.request({ path: '/' }); try { r.json(); } catch (e) { return e.message; }",
    ends: { value: "The reply (status 200) is not JSON. It begins: <html>" },
  },
  {
    name: "a reply with a __proto__ key pollutes nothing",
    body: "const r = await ctx.http.proto.request({ path: '/' }); r.json(); return ({}).polluted === undefined;",
    ends: { value: true },
  },
  {
    name: "a refused request is an error of the guest",
    body: ask("{ path: '/' }", "denied"),
    ends: { value: "blocked" },
  },
  {
    name: "a request that is never answered",
    body: "await ctx.http.silent.request({ path: '/' });",
    ends: "wall_timeout",
    limits: { wallMs: 200 },
  },
  {
    name: "many requests that are never answered",
    body: "await Promise.all([1, 2, 3].map(() => ctx.http.silent.request({ path: '/' })));",
    ends: "wall_timeout",
    limits: { wallMs: 200 },
  },
  {
    name: "no connection is allowed at all",
    body: ask("{ path: '/' }"),
    limits: { requests: 0 },
    ends: "request_limit",
  },
  { name: "a promise that nothing settles", body: "await new Promise(() => {});", ends: "deadlock" },
  {
    name: "two promises that wait for each other",
    body: "let b; const a = new Promise((r) => { b = r; }); await a.then(() => b());",
    ends: "deadlock",
  },
  {
    name: "an operation that hands back a promise of its own end",
    body: "let p; p = new Promise((r) => setTimeoutLike(() => r(p))); function setTimeoutLike(f) { Promise.resolve().then(f); } return p;",
    ends: "guest_error",
    says: /self resolution/,
  },
  {
    name: "a lost answer: deadlock after the reply came",
    body: "await ctx.http.api.request({ path: '/' }); await new Promise(() => {});",
    ends: "deadlock",
  },
  {
    name: "a request after the return is never sent",
    body: "(async () => { for (let i = 0; i < 20; i++) await null; ctx.http.late.request({ path: '/' }); })(); return 1;",
    ends: { value: 1 },
  },
  {
    name: "a loop after the return",
    body: "(async () => { for (let i = 0; i < 20; i++) await null; for (;;) {} })(); return 1;",
    ends: "cpu_timeout",
  },
  {
    name: "a second result is ignored",
    body: "return new Promise((done, fail) => { done(1); done(2); fail(new Error('late')); });",
    ends: { value: 1 },
  },
  {
    name: "a throw after the return is ignored",
    body: "Promise.resolve().then(() => { throw new Error('late'); }); return 1;",
    ends: { value: 1 },
  },
  {
    name: "a rejection nobody handles is ignored",
    body: "Promise.reject(new Error('late')); return 1;",
    ends: { value: 1 },
  },
  {
    name: "logs after the return change nothing",
    body: "Promise.resolve().then(() => ctx.log.info('late')); return 1;",
    ends: { value: 1 },
  },
];
