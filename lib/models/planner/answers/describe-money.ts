import { isRecord } from "../read-prompt";
import { inline } from "./escape";
import { table } from "./table";

type Row = Record<string, unknown>;

/** Answers of the tools for money, by tool. Every figure is the tool's own; nothing is added up here. */
export const moneyAnswers: Readonly<Record<string, (output: unknown) => string | null>> = {
  query_finance: describeSums,
  get_balances: describeBalances,
};

function describeSums(output: unknown): string | null {
  if (!isRecord(output) || !Array.isArray(output.totals) || !isRecord(output.period)) return null;
  const span = spanOf(output.period);
  const totals = output.totals.filter(isRecord);
  const basis = typeof output.provenance === "string" ? `_${inline(output.provenance, 400)}_` : "";
  if (totals.length === 0) return [`Nothing was booked ${span}.`, basis].filter(Boolean).join("\n\n");
  const sentences = totals.map((total) => {
    const [spent, income] = [textOf(total.spent), textOf(total.money_in)];
    return `You spent **${spent}** and took in **${income}** ${span}, ${count(total.count)} (${inline(String(total.currency))}).`;
  });
  const groups = Array.isArray(output.groups) ? output.groups.filter(isRecord) : [];
  const rows = groups.flatMap((group) =>
    (Array.isArray(group.totals) ? group.totals.filter(isRecord) : []).map((total) => [
      inline(String(group.name), 60),
      textOf(total.spent),
      textOf(total.money_in),
      String(group.count),
    ]),
  );
  const head = [
    inline(String(output.group_by).replace(/^./, (letter) => letter.toUpperCase())),
    "Spent",
    "In",
    "Count",
  ];
  return [sentences.join("\n\n"), rows.length > 1 ? table(head, rows.slice(0, 20), true) : "", basis]
    .filter(Boolean)
    .join("\n\n");
}

function describeBalances(output: unknown): string | null {
  if (!isRecord(output) || !Array.isArray(output.totals) || !Array.isArray(output.accounts)) return null;
  const totals = output.totals
    .filter(isRecord)
    .map(
      (total) =>
        `- **${textOf(total.net)}** in ${inline(String(total.currency))}: ${textOf(total.have)}, less ${textOf(total.owe)} owed`,
    );
  const rows = output.accounts
    .filter(isRecord)
    .map((account) => [
      inline(String(account.name), 60),
      account.balance === null ? "unknown" : textOf(account.balance),
      inline(String(account.institution ?? ""), 60),
    ]);
  return [totals.join("\n"), table(["Account", "Balance", "Bank"], rows.slice(0, 30), true)].join("\n\n");
}

const textOf = (money: unknown) => (isRecord(money) && typeof money.text === "string" ? inline(money.text) : "–");

const count = (value: unknown) => (value === 1 ? "in 1 transaction" : `in ${String(value)} transactions`);

function spanOf({ from, to }: Row): string {
  const day = (text: unknown) => {
    const time = Date.parse(`${String(text)}T00:00:00Z`);
    const format = new Intl.DateTimeFormat("en-GB", {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    });
    return Number.isNaN(time) ? null : format.format(time);
  };
  const [first, last] = [day(from), day(to)];
  if (first && last) return first === last ? `on ${first}` : `from ${first} to ${last}`;
  if (first) return `since ${first}`;
  return last ? `until ${last}` : "in all";
}
