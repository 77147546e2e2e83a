import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import {
  type ModelChoice,
  type ModelProvider,
  type ModelRole,
  modelChoiceSchema,
  modelProviders,
} from "@/lib/contracts/model";
import type { Viewer } from "@/lib/contracts/viewer";
import { listModelKeys } from "@/lib/db/model-keys";
import type { SealedSecret } from "@/lib/db/secrets";
import { findSetting } from "@/lib/db/settings";
import { type Environment, env } from "@/lib/env";
import { listNames, unseal } from "@/lib/vault/vault";
import { providerFacts } from "./providers";

export type SourcedChoice = ModelChoice & { source: "settings" | "environment" | "default" };

/** Name of a role's setting. */
export function settingKeyOf(role: ModelRole): string {
  return `model.${role}`;
}

/** Scope of a provider's key in the vault; the key itself has the name `key`. */
export function vaultScopeOf(provider: ModelProvider): string {
  return `model:${provider}`;
}
export const keyName = "key";

/** Which model does this work for the viewer: their own setting, else the environment's, else the planner. */
export async function findChoice(viewer: Viewer, role: ModelRole): Promise<SourcedChoice> {
  const stored = modelChoiceSchema.safeParse(await findSetting(viewer, settingKeyOf(role)));
  if (stored.success) return { ...stored.data, source: "settings" };
  const fromEnvironment = parseModelVariable(env());
  if (fromEnvironment) return { ...fromEnvironment, source: "environment" };
  return { provider: "planner", model: "", source: "default" };
}

/**
 * `BURGEON_MODEL` as a choice; null when it is not set. A key alone chooses nothing: calls cost money, so somebody has to name
 * the model.
 * @throws AppError invalid, naming what is wrong
 */
export function parseModelVariable(environment: Environment): ModelChoice | null {
  const text = environment.BURGEON_MODEL?.trim();
  return text ? parseModelName(text, "BURGEON_MODEL", environment) : null;
}

/**
 * `<provider>:<model>` as a choice.
 * @param place where it stands, for the message: "BURGEON_MODEL", "--model"
 * @throws AppError invalid, naming what is wrong
 */
export function parseModelName(text: string, place: string, environment: Environment): ModelChoice {
  const at = text.indexOf(":");
  const provider = z.enum(modelProviders).safeParse(at < 0 ? text : text.slice(0, at));
  const model = at < 0 ? "" : text.slice(at + 1).trim();
  if (!provider.success || (provider.data !== "planner" && model === ""))
    throw new AppError("invalid", `${place} does not name a model.`, {
      hint: `Write <provider>:<model>, with one of these providers: ${modelProviders.join(", ")}.`,
    });
  if (provider.data !== "openai-compatible") return { provider: provider.data, model };
  const baseUrl = environment.OPENAI_COMPATIBLE_BASE_URL;
  if (!baseUrl)
    throw new AppError("invalid", `${place} names an OpenAI-compatible server, but its address is not set.`, {
      hint: "Set OPENAI_COMPATIBLE_BASE_URL, for example to http://127.0.0.1:11434/v1.",
    });
  return { provider: provider.data, model, baseUrl };
}

/** Puts a choice into its one stored form. Throws AppError invalid when something is missing. */
export function parseChoice(choice: ModelChoice): ModelChoice {
  const { success, data } = modelChoiceSchema.safeParse(choice);
  if (!success) throw new AppError("invalid", "This is not a choice of a model.");
  if (data.provider === "planner") return { provider: "planner", model: "" };
  const { title } = providerFacts[data.provider];
  if (data.model === "") throw new AppError("invalid", `Name the model of ${title}.`);
  const facts = {
    ...(data.contextTokens === undefined ? {} : { contextTokens: data.contextTokens }),
    ...(data.price ? { price: data.price } : {}),
  };
  if (data.provider !== "openai-compatible") return { provider: data.provider, model: data.model, ...facts };
  if (!data.baseUrl)
    throw new AppError("invalid", "Give the address of the server, for example http://127.0.0.1:11434/v1.");
  const url = new URL(data.baseUrl);
  // Addresses are shown on pages and in the audit log, which is no place for a key.
  if (url.username || url.password || url.search || url.hash)
    throw new AppError("invalid", "The address of a model's server has no user name, query or fragment.", {
      hint: "Set the key in its own field.",
    });
  return { provider: data.provider, model: data.model, baseUrl: data.baseUrl, ...facts };
}

/** The key for this choice: the viewer's own, else the environment's where it was meant for that address. */
export async function findKey(viewer: Viewer, choice: ModelChoice): Promise<string | null> {
  return chooseKey(viewer, choice, await listModelKeys(viewer));
}

/** The same out of the viewer's keys, which are still sealed. */
export function chooseKey(viewer: Viewer, choice: ModelChoice, keys: readonly SealedSecret[]): string | null {
  const own = keys.find(({ scope, name }) => scope === vaultScopeOf(choice.provider) && name === keyName);
  return own ? unseal(viewer, own) : findEnvironmentKey(choice);
}

/** Where the key of a provider comes from, without opening it. Works while the vault is locked. */
export async function findKeySource(
  viewer: Viewer,
  provider: ModelProvider,
): Promise<"settings" | "environment" | null> {
  const names = await listNames(viewer, vaultScopeOf(provider));
  if (names.includes(keyName)) return "settings";
  return variableOf(provider) === undefined ? null : "environment";
}

/** True when the one who runs Burgeon put this address into the environment. */
export function isEnvironmentAddress(baseUrl: string): boolean {
  const configured = env().OPENAI_COMPATIBLE_BASE_URL;
  return configured !== undefined && new URL(configured).origin === new URL(baseUrl).origin;
}

/** The environment's key for this choice, or null. Needs no database. */
export function findEnvironmentKey(choice: ModelChoice): string | null {
  // The environment's key must not follow a user's setting to an address of their own.
  if (choice.provider === "openai-compatible" && !(choice.baseUrl && isEnvironmentAddress(choice.baseUrl))) return null;
  return variableOf(choice.provider) ?? null;
}

function variableOf(provider: ModelProvider): string | undefined {
  const environment = env();
  switch (provider) {
    case "planner":
      return undefined;
    case "openai-compatible":
      return environment.OPENAI_COMPATIBLE_API_KEY;
    case "openai":
      return environment.OPENAI_API_KEY;
    case "anthropic":
      return environment.ANTHROPIC_API_KEY;
    case "google":
      return environment.GOOGLE_GENERATIVE_AI_API_KEY;
  }
}
