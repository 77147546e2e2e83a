import { createHash } from "node:crypto";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { AppError } from "@/lib/contracts/errors";
import type { ModelChoice, ModelProvider, ModelRole } from "@/lib/contracts/model";
import type { Viewer } from "@/lib/contracts/viewer";
import { listModelKeys } from "@/lib/db/model-keys";
import { env } from "@/lib/env";
import {
  chooseKey,
  findChoice,
  findEnvironmentKey,
  findKey,
  isEnvironmentAddress,
  parseModelName,
  parseModelVariable,
} from "./choice";
import { holdRequests } from "./hold-requests";
import { createPlanner } from "./planner/planner";
import { createProviderFetch } from "./provider-fetch";
import { providerFacts } from "./providers";

export interface ResolvedModel {
  model: LanguageModelV4;
  /** For the person: "gpt-5 (OpenAI)", "Built-in planner". */
  label: string;
  provider: ModelProvider;
  isPlanner: boolean;
  /** US dollars per million tokens, as the person has entered them. */
  price?: { input: number; output: number };
  contextTokens?: number;
  /** Only of models that are asked over the network: the planner leaves nothing anywhere. */
  holdRequests?: typeof holdRequests;
}

/**
 * The model that does this work for the viewer, ready to call. Read anew for every step, so a change in Settings holds from
 * the next one on.
 * @throws AppError when it is not fully configured: no key, no address, a locked vault
 */
export async function resolveModel(viewer: Viewer, role: ModelRole): Promise<ResolvedModel> {
  // Asked for at once, so that it is one question to the database.
  const [choice, keys] = await Promise.all([findChoice(viewer, role), listModelKeys(viewer)]);
  return connectFor(viewer, choice, async () => chooseKey(viewer, choice, keys));
}

/** Who answers in the chat of this viewer. */
export async function describeModel(viewer: Viewer): Promise<string> {
  return labelOf(await findChoice(viewer, "assistant"));
}

/** The model of a choice that may not be stored yet. Throws like `resolveModel`. */
export async function createModel(viewer: Viewer, choice: ModelChoice): Promise<ResolvedModel> {
  return connectFor(viewer, choice, () => findKey(viewer, choice));
}

function connectFor(viewer: Viewer, choice: ModelChoice, findKey: Access["findKey"]): Promise<ResolvedModel> {
  return connectTo(choice, { findKey, isRunner: isRunner(viewer), settings: "Settings › Models" });
}

/**
 * The model for a command without a database: the named one, else the environment's, else the planner. Keys come from the
 * environment alone.
 * @throws AppError when it is no model's name, or not fully configured
 */
export async function createEnvironmentModel(name?: string): Promise<ResolvedModel> {
  const named = name === undefined ? parseModelVariable(env()) : parseModelName(name.trim(), "--model", env());
  const choice = named ?? { provider: "planner", model: "" };
  return connectTo(choice, {
    findKey: async () => findEnvironmentKey(choice),
    isRunner: true,
    settings: "the environment",
  });
}

interface Access {
  findKey(): Promise<string | null>;
  /** Whoever runs Burgeon may use a server in their own network. */
  isRunner: boolean;
  /** Where what is missing can be set, for the message. */
  settings: string;
}

async function connectTo(choice: ModelChoice, access: Access): Promise<ResolvedModel> {
  const { provider, price, contextTokens } = choice;
  const isPlanner = provider === "planner";
  const model = isPlanner ? createPlanner() : await createClient(choice, access);
  return {
    model,
    label: labelOf(choice),
    provider,
    isPlanner,
    ...(isPlanner ? {} : { holdRequests }),
    ...(price ? { price } : {}),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}

function labelOf({ provider, model, baseUrl }: ModelChoice): string {
  if (provider === "planner") return providerFacts.planner.title;
  const where = provider === "openai-compatible" && baseUrl ? new URL(baseUrl).host : providerFacts[provider].title;
  return `${model} (${where})`;
}

async function createClient(choice: ModelChoice, access: Access): Promise<LanguageModelV4> {
  const { title, needsKey, baseUrl: fixedUrl } = providerFacts[choice.provider];
  const hint = `Look at ${access.settings}.`;
  if (choice.model === "") throw new AppError("invalid", `No model of ${title} is named.`, { hint });
  const baseURL = (fixedUrl ?? choice.baseUrl)?.replace(/\/+$/, "");
  if (!baseURL) throw new AppError("invalid", `The address of the ${title} is not set.`, { hint });
  const apiKey = await access.findKey();
  if (needsKey && apiKey === null)
    throw new AppError("auth-required", `${title} needs a key and none is set.`, {
      hint: `Set it in ${access.settings}.`,
    });
  const mayBeLocal = fixedUrl === null && (access.isRunner || isEnvironmentAddress(baseURL));
  const label = labelOf(choice);
  return keepClient([choice.provider, label, baseURL, apiKey ?? "", String(mayBeLocal)], () => {
    const fetch = createProviderFetch({ baseUrl: baseURL, title: label, mayBeLocal });
    return connect(choice, { baseURL, apiKey: apiKey ?? "", fetch });
  });
}

const maxClients = 32;
const clients = new Map<string, Promise<LanguageModelV4>>();

/** Making a client costs more than a step: whoever asks with the same choice and the same key gets the one that is there. */
function keepClient(parts: string[], make: () => Promise<LanguageModelV4>): Promise<LanguageModelV4> {
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("base64");
  const known = clients.get(key) ?? make();
  // The last one that was asked for is the last one to go.
  clients.delete(key);
  clients.set(key, known);
  known.catch(() => clients.delete(key));
  const [oldest] = clients.keys();
  if (clients.size > maxClients && oldest !== undefined) clients.delete(oldest);
  return known;
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
