"use client";

import { Button } from "@/components/ui/button";
import type { ImportResult } from "@/lib/contracts/finance";
import { Amount } from "../amount";
import { formatCount, formatDay } from "../money-text";

interface Props {
  fileName: string;
  result: ImportResult;
  locale: string;
  isBusy: boolean;
  onImport: () => void;
  onChange: () => void;
  onCancel: () => void;
}

/** What importing would do, before it is done. */
export function ImportPreview({ fileName, result, locale, isBusy, onImport, onChange, onCancel }: Props) {
  const { rows, added, merged, updated, problems, accounts, sample } = result;
  const isSomethingNew = added + merged + updated > 0;
  return (
    <section aria-label="Preview" className="flex flex-col gap-5 rounded-lg border bg-card p-5 text-sm">
      <div>
        <h3 className="font-medium text-base [overflow-wrap:anywhere]">{fileName}</h3>
        <p className="mt-1 text-muted-foreground">
          {rows === 0
            ? "No line could be read as a transaction."
            : `${formatCount(rows, "transaction", locale)} for ${accounts.map(accountName).join(", ")}.`}
        </p>
      </div>
      <Counts result={result} locale={locale} />
      {problems.length > 0 && <Problems problems={problems} locale={locale} />}
      {sample.length > 0 && <Sample sample={sample} added={added} locale={locale} />}
      {rows > 0 && !isSomethingNew && <p>Everything in this file is here already. There is nothing to import.</p>}
      <div className="flex flex-wrap gap-2">
        {isSomethingNew && (
          <Button disabled={isBusy} onClick={onImport}>
            {isBusy ? "Importing…" : `Import ${formatCount(added + merged + updated, "transaction", locale)}`}
          </Button>
        )}
        <Button variant="outline" disabled={isBusy} onClick={onChange}>
          Change how it is read
        </Button>
        <Button variant="ghost" disabled={isBusy} onClick={onCancel}>
          Another file
        </Button>
      </div>
    </section>
  );
}

export function accountName({ name, mask, isNew }: ImportResult["accounts"][number]): string {
  const full = mask !== null && !name.includes(mask) ? `${name} (${mask})` : name;
  return isNew ? `${full}, a new account` : full;
}

export function Counts({ result, locale }: { result: ImportResult; locale: string }) {
  const { added, known, merged, updated, problems } = result;
  const counts = [
    ["New", added],
    ["Here already", known],
    ["Also brought by a bank, counted once", merged],
    ["Brought up to date", updated],
    ["Not readable", problems.length],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      {counts
        .filter(([, count], at) => count > 0 || at < 2)
        .map(([name, count]) => (
          <div key={name}>
            <dt className="text-muted-foreground text-xs">{name}</dt>
            <dd className="font-semibold text-lg tabular-nums">{new Intl.NumberFormat(locale).format(count)}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Problems({ problems, locale }: { problems: ImportResult["problems"]; locale: string }) {
  return (
    <section aria-label="Problems">
      <h4 className="font-medium text-warning">
        {formatCount(problems.length, "line", locale)} that {problems.length === 1 ? "is" : "are"} left out
      </h4>
      <ul className="mt-2 max-h-60 divide-y overflow-y-auto rounded-md border">
        {problems.slice(0, 200).map(({ line, message, text }, at) => (
          <li key={at} className="px-3 py-2">
            <span className="font-medium">Line {line}:</span> {message}
            {text !== "" && (
              <code className="mt-0.5 block truncate text-muted-foreground text-xs" title={text}>
                {text}
              </code>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sample({ sample, added, locale }: { sample: ImportResult["sample"]; added: number; locale: string }) {
  return (
    <div className="overflow-x-auto rounded-md border">
      <table className="w-full text-left">
        <caption className="px-3 py-2 text-left font-medium">
          {sample.length < added ? `The first ${sample.length} of ${added} new ones` : "New"}
        </caption>
        <thead className="text-muted-foreground text-xs">
          <tr className="border-y">
            {["Date", "Merchant", "Category"].map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-medium">
                {name}
              </th>
            ))}
            <th scope="col" className="px-3 py-1.5 text-right font-medium">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {sample.map(({ id, date, company, category, amountMinor, currency }) => (
            <tr key={id} className="border-b last:border-0">
              <td className="whitespace-nowrap px-3 py-1.5 text-muted-foreground">{formatDay(date, locale)}</td>
              <th scope="row" className="px-3 py-1.5 font-normal [overflow-wrap:anywhere]">
                {company}
              </th>
              <td className="px-3 py-1.5">{category}</td>
              <td className="px-3 py-1.5 text-right">
                <Amount amountMinor={amountMinor} currency={currency} locale={locale} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
