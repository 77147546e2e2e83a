import { z } from "zod";
import { moduleSlugSchema } from "./module";

/** What a build starts from. At least one of url, document, sample or wish says what the API is. */
export const buildRequestSchema = z.strictObject({
  /** The person's own words. */
  wish: z.string().max(4000),
  /** An OpenAPI document or an address that answers JSON. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** A pasted or uploaded OpenAPI document (JSON or YAML). */
  document: z.string().max(1_000_000).optional(),
  /** A pasted sample reply (JSON). With `url`, the address it came from. */
  sample: z.string().max(1_000_000).optional(),
  category: moduleSlugSchema.optional(),
  name: moduleSlugSchema.optional(),
  /** "Ask for changes": the version to start from and the reviewer's words. */
  changes: z.strictObject({ digest: z.string(), note: z.string().max(4000) }).optional(),
});
export type BuildRequest = z.infer<typeof buildRequestSchema>;

/** The plan a person sees before the code: what it will reach, which key it needs, what it will answer. */
export const buildPlanSchema = z.object({
  category: z.string(),
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  hosts: z.array(z.string()),
  credentials: z.array(z.object({ name: z.string(), label: z.string() })),
  operations: z.array(z.object({ name: z.string(), kind: z.enum(["pull", "tool"]), description: z.string() })),
  source: z.enum(["openapi", "json", "wish"]),
});
export type BuildPlan = z.infer<typeof buildPlanSchema>;

/** How a build ended. */
export const buildOutcomeSchema = z.object({
  buildId: z.string(),
  state: z.enum(["awaiting_review", "failed", "stopped"]),
  category: z.string().nullable(),
  name: z.string().nullable(),
  title: z.string().nullable(),
  digest: z.string().nullable(),
  attempts: z.number().int(),
  /** Why it did not succeed, in one sentence. */
  reason: z.string().nullable(),
  credentials: z.array(z.string()),
  hosts: z.array(z.string()),
});
export type BuildOutcome = z.infer<typeof buildOutcomeSchema>;
