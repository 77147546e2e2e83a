import type { BuildRequest } from "@/lib/contracts/build";
import { draftFromJson } from "./draft-from-json";
import { draftFromOpenApi } from "./draft-from-open-api";
import type { ModuleDraft } from "./draft";
import { isObject } from "./json-value";
import { removeKeysFrom } from "./scrub";
import type { Source } from "./source";

/** Everything that is decided about a module before it is written. The same source and request give the same draft. */
export function draftModule(source: Source, request: BuildRequest): ModuleDraft {
  if (source.kind === "json") return draftFromJson(source, request);
  const document = removeKeysFrom(source.document);
  return draftFromOpenApi({ ...source, document: isObject(document) ? document : {} }, request);
}
