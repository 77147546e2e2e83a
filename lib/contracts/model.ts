import { z } from "zod";

export const modelProviders = ["planner", "openai-compatible", "openai", "anthropic", "google"] as const;
export type ModelProvider = (typeof modelProviders)[number];

/** What kind of work a model is used for; easy work may stay on a local model. */
export const modelRoles = ["assistant", "builder"] as const;
export type ModelRole = (typeof modelRoles)[number];

export const modelChoiceSchema = z.strictObject({
  provider: z.enum(modelProviders),
  /** The provider's own name of the model; ignored for the planner. */
  model: z.string().trim().max(200).default(""),
  /** Only for openai-compatible, for example http://127.0.0.1:11434/v1. */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Tokens the model takes in at once; what is longer is summarised first. 128,000 when left out. */
  contextTokens: z.int().min(2000).max(10_000_000).optional(),
  /** US dollars per million tokens, for budgets and Activity; unknown when left out. */
  price: z.strictObject({ input: z.number().min(0).max(10_000), output: z.number().min(0).max(10_000) }).optional(),
});
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

/** What Settings › Models shows. Keys are never part of it. */
export interface ModelSettingsView {
  roles: Record<ModelRole, ModelChoice & { source: "settings" | "environment" | "default" }>;
  providers: {
    provider: ModelProvider;
    title: string;
    hasKey: boolean;
    keySource: "settings" | "environment" | null;
    needsKey: boolean;
  }[];
}

export interface ModelTestResult {
  ok: boolean;
  latencyMs: number;
  /** What the provider answered, or what went wrong and what to do. */
  message: string;
}
