import Link from "next/link";
import type { ReactNode } from "react";

export interface FigureRow {
  key: string;
  label: string;
  /** The rows behind it. */
  href?: string;
  cells: readonly ReactNode[];
}

interface Props {
  caption: string;
  /** Of the first column, then of each cell. */
  columns: readonly string[];
  rows: readonly FigureRow[];
  foot?: FigureRow;
}

/** The figures of a chart, each with the way to the rows behind it. */
export function FigureTable({ caption, columns, rows, foot }: Props) {
  const [first, ...others] = columns;
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-muted-foreground text-xs">
        <tr className="border-b">
          <th scope="col" className="py-1.5 pr-3 text-left font-medium">
            {first}
          </th>
          {others.map((name) => (
            <th key={name} scope="col" className="py-1.5 pl-3 text-right font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key} row={row} />
        ))}
      </tbody>
      {foot && (
        <tfoot className="font-medium">
          <Row row={foot} />
        </tfoot>
      )}
    </table>
  );
}

function Row({ row: { label, href, cells } }: { row: FigureRow }) {
  return (
    <tr className="border-b last:border-0">
      <th scope="row" className="py-1.5 pr-3 text-left font-normal [overflow-wrap:anywhere]">
        {href ? (
          <Link href={href} className="underline decoration-border underline-offset-4 hover:decoration-foreground">
            {label}
          </Link>
        ) : (
          label
        )}
      </th>
      {cells.map((cell, at) => (
        <td key={at} className="whitespace-nowrap py-1.5 pl-3 text-right tabular-nums">
          {cell}
        </td>
      ))}
    </tr>
  );
}
