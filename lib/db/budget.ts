import { type Budget, budgetSchema, defaultBudget } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { appendAudit } from "./audit";
import { findSetting, putSetting } from "./settings";
import { inTransaction } from "./statement";

const key = "budget";

/** The viewer's limits; the defaults until they set their own. */
export async function getBudget(viewer: Viewer): Promise<Budget> {
  const stored = budgetSchema.safeParse(await findSetting(viewer, key));
  return stored.success ? stored.data : defaultBudget;
}

/** Sets the viewer's limits. They hold from the next step on, for runs at work too. */
export async function setBudget(viewer: Viewer, budget: Budget): Promise<Budget> {
  await inTransaction(async (client) => {
    await putSetting(viewer, key, budget, client);
    await appendAudit(viewer, { action: "budget-set", subject: viewer.userId, detail: { ...budget } }, client);
  });
  return budget;
}
