import type { LanguageModelV4 } from "@ai-sdk/provider";
import { AppError } from "@/lib/contracts/errors";
import type { ModelChoice, ModelProvider, ModelRole } from "@/lib/contracts/model";
import type { Viewer } from "@/lib/contracts/viewer";
import { findChoice, findKey, isEnvironmentAddress } from "./choice";
import { createPlanner } from "./planner/planner";
import { createProviderFetch } from "./provider-fetch";
import { providerFacts } from "./providers";

export interface ResolvedModel {
  model: LanguageModelV4;
  /** For the person: "gpt-5 (OpenAI)", "Built-in planner". */
  label: string;
  provider: ModelProvider;
  isPlanner: boolean;
}

/**
 * The model that does this work for the viewer, ready to call. Read anew for every step, so a change in Settings holds from
 * the next one on.
 * @throws AppError when it is not fully configured: no key, no address, a locked vault
 */
export async function resolveModel(viewer: Viewer, role: ModelRole): Promise<ResolvedModel> {
  return createModel(viewer, await findChoice(viewer, role));
}

/** Who answers in the chat of this viewer. */
export async function describeModel(viewer: Viewer): Promise<string> {
  return labelOf(await findChoice(viewer, "assistant"));
}

/** The model of a choice that may not be stored yet. Throws like `resolveModel`. */
export async function createModel(viewer: Viewer, choice: ModelChoice): Promise<ResolvedModel> {
  const { provider } = choice;
  const isPlanner = provider === "planner";
  const model = isPlanner ? createPlanner() : await createClient(viewer, choice);
  return { model, label: labelOf(choice), provider, isPlanner };
}

function labelOf({ provider, model, baseUrl }: ModelChoice): string {
  if (provider === "planner") return providerFacts.planner.title;
  const where = provider === "openai-compatible" && baseUrl ? new URL(baseUrl).host : providerFacts[provider].title;
  return `${model} (${where})`;
}

async function createClient(viewer: Viewer, choice: ModelChoice): Promise<LanguageModelV4> {
  const { title, needsKey, baseUrl: fixedUrl } = providerFacts[choice.provider];
  const hint = "Look at Settings › Models.";
  if (choice.model === "") throw new AppError("invalid", `No model of ${title} is named.`, { hint });
  const baseURL = (fixedUrl ?? choice.baseUrl)?.replace(/\/+$/, "");
  if (!baseURL) throw new AppError("invalid", `The address of the ${title} is not set.`, { hint });
  const apiKey = await findKey(viewer, choice);
  if (needsKey && apiKey === null)
    throw new AppError("auth-required", `${title} needs a key and none is set.`, {
      hint: "Set it in Settings › Models.",
    });
  const mayBeLocal = fixedUrl === null && (isRunner(viewer) || isEnvironmentAddress(baseURL));
  const fetch = createProviderFetch({ baseUrl: baseURL, title: labelOf(choice), mayBeLocal });
  return connect(choice, { baseURL, apiKey: apiKey ?? "", fetch });
}

/** Others share this machine's network with the one who runs it; they may not point Burgeon at its insides. */
function isRunner({ role }: Viewer): boolean {
  return role === "owner" || role === "admin";
}

interface ClientSettings {
  baseURL: string;
  apiKey: string;
  fetch: typeof globalThis.fetch;
}

/** The clients are loaded when they are needed: who uses the planner pays for none of them. */
async function connect({ provider, model }: ModelChoice, settings: ClientSettings): Promise<LanguageModelV4> {
  switch (provider) {
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      // Chat completions: the other interface keeps conversations at the provider.
      return createOpenAI(settings).chat(model);
    }
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic(settings)(model);
    }
    case "google": {
      const { createGoogle } = await import("@ai-sdk/google");
      return createGoogle(settings)(model);
    }
    case "openai-compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const { apiKey, ...rest } = settings;
      return createOpenAICompatible({
        ...rest,
        name: "openai-compatible",
        includeUsage: true,
        ...(apiKey === "" ? {} : { apiKey }),
      }).chatModel(model);
    }
    case "planner":
      return createPlanner();
  }
}
