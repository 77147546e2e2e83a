import "./testing";
import { it } from "vitest";
import { createSandbox } from "./host";
it("x", async () => { const s = createSandbox({workers:1});
for (const b of ["const seen = []; Object.defineProperty(Array.prototype, 0, { set(v) { seen.push(v); }, configurable: true }); return 1", "const seen={}; Object.defineProperty(Array.prototype, 0, { set(v) { seen[Object.keys(seen).length]=typeof v+String(v)+new Error().stack }, configurable: true }); ctx.uuid(); const r = await ctx.http.api.request({path:'/'}); return seen"])
console.log(JSON.stringify(await s.run({code:`var __burgeonModule={default:{async go(ctx){${b}}}}`, operation:"go", inputJson:"null", connections:["api"], now:"2026-01-02T03:04:05Z", onRequest: async()=>({status:200,headers:{},body:"1"})})));
await s.close(); });
