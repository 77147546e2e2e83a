import { AppError } from "@/lib/contracts/errors";
import { type NewRule, newRuleSchema, type RuleView, type TransactionKind } from "@/lib/contracts/finance";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import type { Rule } from "@/lib/finance/categorize";
import { defaultRules } from "@/lib/finance/default-rules";
import { isPattern } from "@/lib/finance/match-rule";
import { inTransaction, type Queryable } from "../statement";
import { toStorableText } from "../storable-json";

/** Remembers that the viewer got the default rules, so that those they deleted do not come back. */
const seededKey = "finance-rules-seeded";
const maxRules = 1000;

/** The viewer's rules in their order. At the first use they get the default ones, which are theirs from then on. */
export async function listRules(viewer: Viewer): Promise<RuleView[]> {
  const rules = await inTransaction((client) => readRules(client, viewer));
  return rules.map((rule, at) => ({ ...rule, position: at + 1 }));
}

/** The same, within a transaction. */
export async function readRules(client: Queryable, viewer: Viewer): Promise<Rule[]> {
  const { rowCount } = await client.query({
    name: "mark-rules-seeded",
    text: `INSERT INTO "Setting" ("userId", key, value, "updatedAt") VALUES ($1, $2, 'true'::jsonb, now()) ON CONFLICT DO NOTHING`,
    values: [viewer.userId, seededKey],
  });
  if (rowCount === 1) await insertRules(client, viewer, defaultRules, 1);
  const { rows } = await client.query<Rule>({
    name: "list-rules",
    text: `SELECT id, pattern, company, category, kind, "isEnabled" FROM "CategoryRule" WHERE "userId" = $1 ORDER BY position, id`,
    values: [viewer.userId],
  });
  return rows;
}

/**
 * Adds a rule, before all others unless a place is given: what a person says now goes before what was there. Transactions
 * that are there already change when the rules are applied.
 * @param position from 1
 * @throws AppError invalid for a pattern without a word, conflict when there are too many rules
 */
export async function addRule(viewer: Viewer, rule: NewRule, position = 1): Promise<RuleView> {
  const parsed = parseRule(rule);
  const id = await changeRules(viewer, async (client, rules) => {
    if (rules.length >= maxRules)
      throw new AppError(
        "conflict",
        `You have ${maxRules} rules, which is as many as Burgeon keeps. Delete some first.`,
      );
    const [ruleId = ""] = await insertRules(client, viewer, [parsed], rules.length + 1);
    return {
      result: ruleId,
      order: placed(
        rules.map((one) => one.id),
        ruleId,
        position,
      ),
    };
  });
  return getRule(viewer, id);
}

/** @throws AppError not-found when the viewer has no such rule, invalid for a pattern without a word */
export async function editRule(viewer: Viewer, ruleId: string, rule: NewRule): Promise<RuleView> {
  const { pattern, company, category, kind, isEnabled } = parseRule(rule);
  await changeRules(viewer, async (client, rules) => {
    requireRule(rules, ruleId);
    await client.query({
      name: "edit-rule",
      text: `UPDATE "CategoryRule" SET pattern = $3, company = $4, category = $5, kind = $6, "isEnabled" = $7 WHERE id = $2 AND "userId" = $1`,
      values: [viewer.userId, ruleId, pattern, company, category, kind, isEnabled],
    });
    return { result: null };
  });
  return getRule(viewer, ruleId);
}

/**
 * @param position from 1; past the end is the end
 * @throws AppError not-found when the viewer has no such rule
 */
export async function moveRule(viewer: Viewer, ruleId: string, position: number): Promise<RuleView> {
  await changeRules(viewer, async (_client, rules) => {
    requireRule(rules, ruleId);
    const others = rules.map(({ id }) => id).filter((id) => id !== ruleId);
    return { result: null, order: placed(others, ruleId, position) };
  });
  return getRule(viewer, ruleId);
}

/** @throws AppError not-found when the viewer has no such rule */
export async function deleteRule(viewer: Viewer, ruleId: string): Promise<void> {
  await changeRules(viewer, async (client, rules) => {
    requireRule(rules, ruleId);
    await client.query({
      name: "delete-rule",
      text: `DELETE FROM "CategoryRule" WHERE id = $2 AND "userId" = $1`,
      values: [viewer.userId, ruleId],
    });
    return { result: null };
  });
}

async function getRule(viewer: Viewer, ruleId: string): Promise<RuleView> {
  const found = (await listRules(viewer)).find(({ id }) => id === ruleId);
  if (!found) throw ruleNotFound();
  return found;
}

function requireRule(rules: readonly Rule[], ruleId: string): void {
  if (!rules.some(({ id }) => id === ruleId)) throw ruleNotFound();
}

function ruleNotFound(): AppError {
  return new AppError("not-found", "There is no such rule.");
}

type ParsedRule = Omit<Rule, "id">;

function parseRule(rule: NewRule): ParsedRule {
  const parsed = newRuleSchema.parse(rule);
  if (!isPattern(parsed.pattern))
    throw new AppError("invalid", "The rule names no word to look for.", {
      hint: "Write a word of the merchant's name, such as “starbucks”.",
    });
  return parsed;
}

function placed(others: readonly string[], ruleId: string, position: number): string[] {
  const at = Math.min(Math.max(Math.trunc(position), 1), others.length + 1) - 1;
  return [...others.slice(0, at), ruleId, ...others.slice(at)];
}

/** One change of a person's rules at a time, so that positions stay a row without gaps or doubles. */
async function changeRules<Result>(
  viewer: Viewer,
  change: (client: Queryable, rules: readonly Rule[]) => Promise<{ result: Result; order?: string[] }>,
): Promise<Result> {
  return inTransaction(async (client) => {
    await client.query({
      name: "lock-rules",
      text: `SELECT pg_advisory_xact_lock(hashtextextended('rules ' || $1, 0))`,
      values: [viewer.userId],
    });
    const { result, order } = await change(client, await readRules(client, viewer));
    if (order)
      await client.query({
        name: "order-rules",
        text: `UPDATE "CategoryRule" r SET position = o.position FROM unnest($2::text[]) WITH ORDINALITY AS o (id, position)
               WHERE r.id = o.id AND r."userId" = $1 AND r.position <> o.position`,
        values: [viewer.userId, order],
      });
    return result;
  });
}

async function insertRules(
  client: Queryable,
  viewer: Viewer,
  rules: readonly {
    pattern: string;
    company: string | null;
    category: string;
    kind: TransactionKind | null;
    isEnabled?: boolean;
  }[],
  firstPosition: number,
): Promise<string[]> {
  const ids = rules.map(() => newId("rule"));
  await client.query({
    name: "insert-rules",
    text: `INSERT INTO "CategoryRule" (id, "userId", position, pattern, company, category, kind, "isEnabled")
           SELECT i.id, $1, $2::int - 1 + i.at, i.pattern, i.company, i.category, i.kind, i."isEnabled"
           FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[]) WITH ORDINALITY
             AS i (id, pattern, company, category, kind, "isEnabled", at)`,
    values: [
      viewer.userId,
      firstPosition,
      ids,
      rules.map(({ pattern }) => toStorableText(pattern)),
      rules.map(({ company }) => (company === null ? null : toStorableText(company))),
      rules.map(({ category }) => toStorableText(category)),
      rules.map(({ kind }) => kind),
      rules.map(({ isEnabled }) => isEnabled ?? true),
    ],
  });
  return ids;
}
