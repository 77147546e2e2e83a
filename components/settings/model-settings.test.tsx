import { alerts, click, field, openScreen, type } from "../testing-screen";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelSettingsView } from "@/lib/contracts/model";
import { ModelSettings } from "./model-settings";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => undefined }) }));

const local = { provider: "openai-compatible", title: "Local server", hasKey: false, keySource: null } as const;
const known = { provider: local.provider, model: "m", baseUrl: "http://127.0.0.1:11434/v1" } as const;
const settings: ModelSettingsView = {
  roles: {
    assistant: { ...known, source: "settings" },
    builder: { provider: "planner", model: "", source: "default" },
  },
  providers: [{ ...local, needsKey: false }],
};
const sent: unknown[] = [];
beforeEach(async () => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (path: string, { body }: RequestInit) => {
    sent.push([path, JSON.parse(String(body))]);
    return Response.json({ ok: true, latencyMs: 1, message: "It answers." });
  });
  const vault = { state: "open" } as never;
  await openScreen(<ModelSettings settings={settings} vault={vault} />);
});

const priceIn = () => field("$ per million tokens in");
/** Of the first form; each has its own. */
const press = (name: "Save" | "Test") => {
  const all = document.querySelector("form")?.querySelectorAll("button") ?? [];
  const found = [...all].find((one) => one.textContent === name);
  if (!found) throw new Error(`no button is called ${name}`);
  return click(found);
};
/** As a person does: what the field has by then, and one more letter. */
async function typeInto(find: () => HTMLInputElement, keys: string) {
  for (const key of keys) await type(find(), find().value + key);
}

describe("the price of a model", () => {
  it("is saved as it was typed, key by key, below ten cents too", async () => {
    await typeInto(priceIn, "0.05");
    expect(priceIn().value).toBe("0.05");
    await press("Save");
    const choice = { ...known, price: { input: 0.05, output: 0 } };
    expect(sent).toEqual([["/api/settings/models", { role: "assistant", choice }]]);
  });

  it.each([
    ["abc", "Write dollars as a number with a point, such as 3 or 0.05."],
    ["-0.05", "At least $0."],
  ])("is neither saved nor tested nor lost when it is %s", async (text, problem) => {
    await typeInto(priceIn, text);
    await type(field("Window, tokens"), "32000");
    for (const asked of ["Save", "Test"] as const) {
      await press(asked);
      expect([sent, alerts(), priceIn().value, field("Window, tokens").value]).toEqual([[], [problem], text, "32000"]);
    }
    await type(priceIn(), "0.05");
    expect(alerts()).toEqual([]);
    await press("Test");
    const tested = { ...known, contextTokens: 32_000, price: { input: 0.05, output: 0 } };
    expect(sent).toEqual([["/api/settings/models/test", tested]]);
  });
});
