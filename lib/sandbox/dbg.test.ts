import "./testing";
import { it } from "vitest";
import { checkModule } from "@/lib/module-host/check";
import { readModuleFolder } from "@/lib/module-host/read-folder";
it("x", async () => { for (const f of ["weather/open-meteo","gaming/clash-royale"]) { const r = await readModuleFolder("/work/main/modules/"+f); console.log(r.problem, JSON.stringify((await checkModule(r.files!)).report, null, 1)); } }, 60000);
