import { setImmediate as pause } from "node:timers/promises";
import type { RulesPreview, TransactionKind } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { categorize, compileRules, type Sorted } from "@/lib/finance/categorize";
import { type Draft, draftRules } from "@/lib/finance/draft-rules";
import { execute, inTransaction } from "../statement";
import { changeSorting } from "./categories";
import { readRules } from "./rules";

/** Transactions that the rules cannot tell apart and that are sorted alike now. */
interface Alike {
  id: string;
  merchant: string;
  description: string | null;
  sourceCategory: string | null;
  sign: number;
  company: string;
  category: string;
  kind: TransactionKind;
  count: number;
}

const maxSample = 50;
const rowsAtOnce = 2000;

/**
 * What applying the viewer's rules would change. Nothing is changed by looking.
 * @param draft looks at the rules as they would be with this change
 */
export async function previewRules(viewer: Viewer, draft: Draft = {}): Promise<RulesPreview> {
  return toPreview(await findChanges(viewer, draft));
}

/**
 * Sorts all of the viewer's transactions by their rules as they are now, except those they sorted by hand.
 * @returns how many changed, and the entry of the merge log that undoes it
 */
export async function applyRules(viewer: Viewer): Promise<{ changed: number; undoId: string | null }> {
  // Outside of the transaction: thinking about many rows may take longer than one may stand idle.
  const changes = await findChanges(viewer);
  if (changes.length === 0) return { changed: 0, undoId: null };
  const { changed } = toPreview(changes);
  return inTransaction((client) =>
    changeSorting(client, viewer, {
      wanted: `SELECT t.id, i.company, i.category, i.kind, i."categoryBy", i."ruleId" FROM "FinancialTransaction" t
        JOIN unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
          AS i (merchant, description, "sourceCategory", sign, company, category, kind, "categoryBy", "ruleId")
        ON i.merchant = t.merchant AND i.description IS NOT DISTINCT FROM t.description
          AND i."sourceCategory" IS NOT DISTINCT FROM t."sourceCategory" AND i.sign = sign(t."amountMinor")
        WHERE t."userId" = $1 AND t."categoryBy" <> 'person'`,
      values: [
        ...(["merchant", "description", "sourceCategory", "sign"] as const).map((key) =>
          changes.map(({ alike }) => alike[key]),
        ),
        ...(["company", "category", "kind", "categoryBy", "ruleId"] as const).map((key) =>
          changes.map(({ to }) => to[key]),
        ),
      ],
      reason: `You applied your rules; ${changed === 1 ? "one transaction" : `${changed} transactions`} changed.`,
    }),
  );
}

interface Change {
  alike: Alike;
  to: Sorted;
}

async function findChanges(viewer: Viewer, draft: Draft = {}): Promise<Change[]> {
  const stored = await inTransaction((client) => readRules(client, viewer));
  const rules = compileRules(draftRules(stored, draft));
  const { rows } = await execute<Alike>({
    name: "list-transactions-alike",
    text: `SELECT min(id) AS id, merchant, description, "sourceCategory", sign("amountMinor")::int AS sign, company, category, kind,
             count(*)::int AS count
           FROM "FinancialTransaction" WHERE "userId" = $1 AND "categoryBy" <> 'person'
           GROUP BY merchant, description, "sourceCategory", sign("amountMinor"), company, category, kind`,
    values: [viewer.userId],
  });
  const changes: Change[] = [];
  for (const [at, alike] of rows.entries()) {
    // Others want to be served by this process, too.
    if (at % rowsAtOnce === rowsAtOnce - 1) await pause();
    const to = categorize({ ...alike, amountMinor: alike.sign }, rules);
    // Which rule it was is nothing a person sees: where only that differs, nothing changes.
    const isSame = to.company === alike.company && to.category === alike.category && to.kind === alike.kind;
    if (!isSame) changes.push({ alike, to });
  }
  return changes;
}

function toPreview(changes: readonly Change[]): RulesPreview {
  return {
    changed: changes.reduce((sum, { alike }) => sum + alike.count, 0),
    sample: [...changes]
      .sort((a, b) => b.alike.count - a.alike.count || (a.alike.id < b.alike.id ? -1 : 1))
      .slice(0, maxSample)
      .map(({ alike: { id, merchant, count, company, category, kind }, to }) => ({
        transactionId: id,
        merchant,
        count,
        from: { company, category, kind },
        to: { company: to.company, category: to.category, kind: to.kind },
      })),
  };
}
