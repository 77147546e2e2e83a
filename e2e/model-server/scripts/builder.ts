import { type ChatRequest, lastOf, type ReplyStep, type Script, systemText, textOf } from "../protocol";
import { assistantScript } from "./assistant";
import { libraryFiles, libraryPlan } from "./library-module";

/**
 * A builder that needs three attempts for a library with a key in a header: the first does not pass the type check, the second
 * fails its own test, the third passes. Everything that is no builder's prompt is answered as the assistant.
 */
export const builderScript: Script = (request, requestNumber) => {
  const system = systemText(request).trimStart();
  if (system.startsWith("BURGEON PLAN")) return json({ ...libraryPlan, hosts: [new URL(originOf(request)).host] });
  if (system.startsWith("BURGEON GENERATE")) return json({ files: libraryFiles(originOf(request), 1) });
  if (system.startsWith("BURGEON REPAIR")) return json({ files: repair(request) });
  return assistantScript(request, requestNumber);
};

/** Only the file that changes, as a model is asked to. Which attempt it is stands in the files it was shown. */
function repair(request: ChatRequest): Record<string, string> {
  const shown = textOf(lastOf(request, "user"));
  const attempt = shown.includes("const due: number") ? 2 : 3;
  return { "adapter.ts": libraryFiles("http://library.invalid", attempt)["adapter.ts"] ?? "" };
}

/** The address the person gave. */
function originOf(request: ChatRequest): string {
  const address = /https?:\/\/[^\s"'<>\\]+/i.exec(textOf(lastOf(request, "user")))?.[0];
  if (!address) throw new Error("the builder's prompt names no address");
  return new URL(address).origin;
}

function json(value: unknown): ReplyStep[] {
  return [{ say: JSON.stringify(value) }];
}
