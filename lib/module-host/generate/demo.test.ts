import "@/lib/sandbox/testing";
import { writeFileSync, mkdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { createLibraryService } from "@/lib/demo/library-service";
import { createWeatherService } from "@/lib/demo/weather-service";
import { createSandbox } from "@/lib/sandbox/host";
import { checkModule } from "../check";
import { generateModule } from "./generate";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

describe("demo", () => {
  for (const [name, service, wish] of [["library", createLibraryService(), "Build me a library module that lists my loans, shows a book and places holds: https://library.test/openapi.json"], ["weather", createWeatherService(), "a weather module https://weather.test/openapi.json"]] as const)
    it(name, async () => {
      const load = async (url: string) => {
        const response = await service(new Request(url));
        return { status: response.status, contentType: "application/json", text: await response.text(), url };
      };
      const { plan, files } = await generateModule({ request: { wish }, load });
      mkdirSync(`/tmp/gen/${name}/cassettes`, { recursive: true });
      for (const [path, text] of Object.entries(files)) writeFileSync(`/tmp/gen/${name}/${path}`, text);
      writeFileSync(`/tmp/gen/${name}/plan.json`, JSON.stringify(plan, null, 1));
      const checked = await checkModule(files, { sandbox });
      expect(checked.report.findings).toEqual([]);
      expect(checked.report.ok).toBe(true);
    });
});
