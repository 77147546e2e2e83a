import "@/lib/sandbox/testing";
import { afterAll, describe, expect, it } from "vitest";
import { compileModule } from "./compile";
import { createSandbox } from "./host";
describe("smoke", () => {
  for (const engine of ["quickjs-wasi", "quickjs-emscripten"] as const) {
  const sandbox = createSandbox({ workers: 1, engine });
  afterAll(() => sandbox.close());
  it("runs " + engine, async () => {
    const compiled = await compileModule({ "adapter.ts": `import { toMinor } from "@burgeon/sdk";
export default { async go(ctx, input) { const r = await ctx.http.api.request({ path: "/x" }); ctx.log.info("hi", {a: 1}); return { in: input, m: toMinor("12.34", "EUR"), body: r.json(), now: new Date().toString(), r: Math.random(), id: ctx.uuid(), t: ctx.time.parseLocal("2026-03-08T02:30","America/New_York"), f: ctx.time.format("2026-07-08T02:30Z","Europe/Berlin") }; },
async bad() {
  const x: any = null;
  return x.y;
} };` });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled));
    const base = { code: compiled.code, inputJson: "{\"a\":1}", connections: ["api"], now: "2026-01-02T03:04:05Z", deterministic: true, onRequest: async () => ({ status: 200, headers: {}, body: "{\"v\":[1]}" }) };
    console.log(JSON.stringify(await sandbox.run({ ...base, operation: "go" })));
    console.log(JSON.stringify(await sandbox.run({ ...base, operation: "bad" })));
    console.log(JSON.stringify(await sandbox.run({ ...base, operation: "nope" })));
    console.log(JSON.stringify(await sandbox.run({ ...base, code: "syntax error here", operation: "nope" })));
    console.log(JSON.stringify(await sandbox.run({ ...base, code: "JSON.parse('{')", operation: "nope" })));
    const w = (body: string) => sandbox.run({ ...base, code: `var __burgeonModule = {default:{ async x(ctx) { ${body} } }}`, operation: "x", limits: { cpuMs: 200, wallMs: 1000, memoryBytes: 16 * 1024 * 1024 } });
    for (const body of ["while(true){}", "await null; while(true){}", "const a=[]; while(true) a.push('x'.repeat(1000)+a.length)", "const a=[]; while(true) a.push({})","const a=[]; while(true) a.push(new ArrayBuffer(1<<20))", "const f=()=>f()+1; f()", "await new Promise(()=>{})", "const f=()=>Promise.resolve().then(f); await f()", "const s='a'.repeat(1<<22); while(true) s.lastIndexOf('b'+s)", "throw null", "return 1n", "for(;;) ctx.log.info('x')", "throw new TypeError('m')"]) {
      const t = performance.now();
      console.log(body, JSON.stringify(await w(body)), Math.round(performance.now() - t));
    }
    expect(1).toBe(1);
  });
  }
});
