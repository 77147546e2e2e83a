import { z } from "zod";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { route } from "@/lib/http/route";
import { requestChanges } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";

const body = z.strictObject({ note: z.string().trim().min(1, "say what should change").max(4000) });

/** Gives the reviewer's words to the builder. 202 with the conversation in which it goes on. */
export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace, body },
  async ({ viewer, params: { category, name, digest }, body: { note } }) =>
    Response.json(await requestChanges(viewer, category, name, digest, maskSecrets(note).text), { status: 202 }),
);
