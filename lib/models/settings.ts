import { AppError } from "@/lib/contracts/errors";
import {
  type ModelChoice,
  type ModelProvider,
  type ModelRole,
  type ModelSettingsView,
  modelProviders,
} from "@/lib/contracts/model";
import type { Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "@/lib/db/audit";
import { putSetting } from "@/lib/db/settings";
import { inTransaction } from "@/lib/db/statement";
import { remove, seal } from "@/lib/vault/vault";
import { findChoice, findKeySource, keyName, parseChoice, settingKeyOf, vaultScopeOf } from "./choice";
import { providerFacts } from "./providers";

export { testModel } from "./test-model";

const maxKeyChars = 4096;

/** What Settings › Models shows: choices and where keys come from, never a key. */
export async function getModelSettings(viewer: Viewer): Promise<ModelSettingsView> {
  const [assistant, builder] = await Promise.all([findChoice(viewer, "assistant"), findChoice(viewer, "builder")]);
  const providers = await Promise.all(
    modelProviders.map(async (provider) => {
      const keySource = await findKeySource(viewer, provider);
      const { title, needsKey } = providerFacts[provider];
      return { provider, title, needsKey, keySource, hasKey: keySource !== null };
    }),
  );
  return { roles: { assistant, builder }, providers };
}

/** The viewer's own choice for a kind of work; null goes back to what the environment says. Holds from the next step on. */
export async function setModelChoice(viewer: Viewer, role: ModelRole, choice: ModelChoice | null): Promise<void> {
  const parsed = choice === null ? null : parseChoice(choice);
  await inTransaction(async (client) => {
    await putSetting(viewer, settingKeyOf(role), parsed, client);
    await appendAudit(
      viewer,
      { action: "model-chosen", subject: role, detail: parsed ? { ...parsed } : { provider: null } },
      client,
    );
  });
}

/** Seals a provider's key, replacing an older one. There is no way to read it back. */
export async function setProviderKey(viewer: Viewer, provider: ModelProvider, key: string): Promise<void> {
  const { title } = providerFacts[provider];
  const trimmed = key.trim();
  if (provider === "planner") throw new AppError("invalid", "The built-in planner has no key.");
  if (trimmed === "") throw new AppError("invalid", `Type the key of ${title}, or remove the one that is set.`);
  if (trimmed.length > maxKeyChars || !/^[\x21-\x7e]+$/.test(trimmed))
    throw new AppError(
      "invalid",
      `This is not a key of ${title}: a key has no spaces and at most ${maxKeyChars} characters.`,
    );
  await seal(viewer, vaultScopeOf(provider), keyName, trimmed);
  await appendAudit(viewer, { action: "model-key-set", subject: provider });
}

/** Forgets the viewer's key of a provider; removing one that is not there changes nothing. */
export async function removeProviderKey(viewer: Viewer, provider: ModelProvider): Promise<void> {
  const count = await remove(viewer, vaultScopeOf(provider), keyName);
  if (count > 0) await appendAudit(viewer, { action: "model-key-removed", subject: provider });
}
