import type { ModelProvider } from "@/lib/contracts/model";

interface ProviderFacts {
  title: string;
  needsKey: boolean;
  /** Where its requests go; null when the person says so. */
  baseUrl: string | null;
}

/** What is known about each provider before anybody configures anything. */
export const providerFacts: Readonly<Record<ModelProvider, ProviderFacts>> = {
  planner: { title: "Built-in planner", needsKey: false, baseUrl: null },
  "openai-compatible": { title: "OpenAI-compatible server", needsKey: false, baseUrl: null },
  openai: { title: "OpenAI", needsKey: true, baseUrl: "https://api.openai.com/v1" },
  anthropic: { title: "Anthropic", needsKey: true, baseUrl: "https://api.anthropic.com/v1" },
  google: { title: "Google", needsKey: true, baseUrl: "https://generativelanguage.googleapis.com/v1beta" },
};
