import type { RulesPreview, TransactionKind } from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { type CompiledRules, categorize, compileRules, type Sorted } from "@/lib/finance/categorize";
import { inTransaction, type Queryable } from "../statement";
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

/** What applying the viewer's rules would change. Nothing is changed by looking. */
export async function previewRules(viewer: Viewer): Promise<RulesPreview> {
  return inTransaction(async (client) => toPreview(await findChanges(client, viewer)));
}

/**
 * Sorts all of the viewer's transactions by their rules as they are now, except those they sorted by hand.
 * @returns how many changed, and the entry of the merge log that undoes it
 */
export async function applyRules(viewer: Viewer): Promise<{ changed: number; undoId: string | null }> {
  return inTransaction(async (client) => {
    const changes = await findChanges(client, viewer);
    if (changes.length === 0) return { changed: 0, undoId: null };
    const { changed } = toPreview(changes);
    return changeSorting(client, viewer, {
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
    });
  });
}

interface Change {
  alike: Alike;
  to: Sorted;
}

async function findChanges(client: Queryable, viewer: Viewer): Promise<Change[]> {
  const rules: CompiledRules = compileRules(await readRules(client, viewer));
  const { rows } = await client.query<Alike>({
    name: "list-transactions-alike",
    text: `SELECT min(id) AS id, merchant, description, "sourceCategory", sign("amountMinor")::int AS sign, company, category, kind,
             count(*)::int AS count
           FROM "FinancialTransaction" WHERE "userId" = $1 AND "categoryBy" <> 'person'
           GROUP BY merchant, description, "sourceCategory", sign("amountMinor"), company, category, kind`,
    values: [viewer.userId],
  });
  return rows.flatMap((alike) => {
    const to = categorize({ ...alike, amountMinor: alike.sign }, rules);
    // Which rule it was is nothing a person sees: where only that differs, nothing changes.
    const isSame = to.company === alike.company && to.category === alike.category && to.kind === alike.kind;
    return isSame ? [] : [{ alike, to }];
  });
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
