import type { Metadata } from "next";
import { RuleBoard } from "@/components/money/rules/rule-board";
import { requireViewer } from "@/lib/auth/viewer";
import { defaultCategories } from "@/lib/contracts/finance";
import { previewRules } from "@/lib/db/finance/apply-rules";
import { listRules } from "@/lib/db/finance/rules";
import { listCategories } from "@/lib/db/finance/transactions";
import { readMoneyReader } from "../read-money-reader";

export const metadata: Metadata = { title: "Rules" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function RulesPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const [query, reader, rules, preview, used] = await Promise.all([
    searchParams,
    readMoneyReader(viewer),
    listRules(viewer),
    previewRules(viewer),
    listCategories(viewer),
  ]);
  const categories = [...new Set([...used, ...rules.map(({ category }) => category), ...defaultCategories])];
  const asked =
    typeof query.pattern === "string" ? { pattern: toPattern(query.pattern), category: toText(query.category) } : null;
  return (
    <section aria-labelledby="rules-title" className="mt-6">
      <h2 id="rules-title" className="font-medium">
        Rules
      </h2>
      <p className="mt-1 max-w-prose text-muted-foreground text-sm">
        They say what a transaction is about, by the words of its merchant. The first that matches decides.
      </p>
      <RuleBoard
        key={asked?.pattern}
        rules={rules}
        preview={preview}
        categories={categories.sort((a, b) => a.localeCompare(b, reader.locale))}
        asked={asked}
        locale={reader.locale}
      />
    </section>
  );
}

function toText(value: string | string[] | undefined): string {
  return typeof value === "string" ? value.slice(0, 60) : "";
}

/** A merchant's name is looked for as it stands: what has a meaning in patterns is none here. */
function toPattern(name: string): string {
  return name.replace(/[*|]/g, " ").replace(/\s+/g, " ").trim().slice(0, 200);
}
