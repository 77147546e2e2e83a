import { beforeEach, describe, expect, it, vi } from "vitest";
import { checkModule } from "@/lib/module-host/check";
import type { ChatRequest } from "./protocol";
import { builderScript } from "./scripts/builder";
import { libraryFiles } from "./scripts/library-module";

const origin = "http://127.0.0.1:4711";

async function ask(system: string, user: string): Promise<Record<string, unknown>> {
  const request: ChatRequest = {
    model: "scripted",
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
  };
  const [step] = await builderScript(request, 1);
  return JSON.parse(step && "say" in step ? step.say : "null");
}

async function failedStages(files: Record<string, string>): Promise<string[]> {
  const { report } = await checkModule(files);
  return report.stages.filter((stage) => !stage.ok).map((stage) => stage.name);
}

describe("the scripted builder", () => {
  beforeEach(() => {
    vi.stubEnv("BURGEON_EGRESS_ALLOW", new URL(origin).host);
  });

  it("fails the type check, then its own test, then passes everything", async () => {
    const { files: first } = (await ask("BURGEON GENERATE\n…", `They gave this address: ${origin}/openapi.json`)) as {
      files: Record<string, string>;
    };
    expect(await failedStages(first)).toEqual(["types"]);
    const { files: second } = (await ask("BURGEON REPAIR\n…", JSON.stringify(first))) as {
      files: Record<string, string>;
    };
    expect(await failedStages({ ...first, ...second })).toEqual(["tests"]);
    const { files: third } = (await ask("BURGEON REPAIR\n…", JSON.stringify({ ...first, ...second }))) as {
      files: Record<string, string>;
    };
    const { report } = await checkModule({ ...first, ...third });
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect({ ...first, ...third }).toEqual(libraryFiles(origin, 3));
  });

  it("plans for the host that was given", async () => {
    expect(await ask("BURGEON PLAN\n…", `They gave this address: ${origin}/openapi.json`)).toMatchObject({
      hosts: ["127.0.0.1:4711"],
      credentials: [{ name: "library_key" }],
    });
  });
});
