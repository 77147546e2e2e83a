import { it } from "vitest";
import { converse, readToolset } from "./testing";
it("dbg", async () => {
  const tools = readToolset();
  for (const m of JSON.parse(process.env.DBG ?? "[]") as string[][]) { const o = await converse(m, tools); console.log(JSON.stringify(m), "=>", JSON.stringify(o.calls), "\n", o.answer.slice(0, 600)); }
});
