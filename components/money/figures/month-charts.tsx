"use client";

import { useRouter } from "next/navigation";
import { useId } from "react";
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatMinor } from "@/lib/contracts/money";
import { formatShort } from "../money-text";
import { axis, Legend, Stripes, TipBox, TipLine } from "./chart-parts";

export interface MonthPoint {
  month: string;
  /** "Nov 2026" */
  label: string;
  inMinor: number;
  outMinor: number;
  netMinor: number;
  runningMinor: number;
  href: string;
}

interface Props {
  points: MonthPoint[];
  currency: string;
  locale: string;
}

const heightPx = 240;
const margin = { top: 8, right: 8, bottom: 0, left: 0 };

/** What came in and went out, a pair of columns for each month, with the average that went out as a line. */
export function MonthChart({ points, currency, locale, averageOutMinor }: Props & { averageOutMinor: number }) {
  const stripes = useId();
  const open = useOpenMonth(points);
  return (
    <>
      <Legend
        marks={[
          { name: "In", look: "solid" },
          { name: "Out", look: "striped" },
          { name: "Average out", look: "dashed" },
        ]}
      />
      <ResponsiveContainer width="100%" height={heightPx}>
        <ComposedChart data={points} accessibilityLayer={false} margin={margin} barGap={1}>
          <Stripes id={stripes} color="var(--warning)" />
          {frame({ currency, locale })}
          <Tooltip
            cursor={{ fill: "var(--muted)" }}
            content={({ active, payload }) => (
              <Tip point={active ? payload?.[0]?.payload : null} {...{ currency, locale }} />
            )}
          />
          <Bar dataKey="inMinor" fill="var(--primary)" radius={[2, 2, 0, 0]} isAnimationActive={false} onClick={open} />
          <Bar
            dataKey="outMinor"
            fill={`url(#${stripes})`}
            stroke="var(--warning)"
            radius={[2, 2, 0, 0]}
            isAnimationActive={false}
            onClick={open}
          />
          <ReferenceLine y={averageOutMinor} stroke="var(--foreground)" strokeDasharray="4 3" />
        </ComposedChart>
      </ResponsiveContainer>
    </>
  );
}

/** In less out for each month, and what the months come to together. */
export function FlowChart({ points, currency, locale }: Props) {
  const stripes = useId();
  const open = useOpenMonth(points);
  return (
    <>
      <Legend
        marks={[
          { name: "More came in", look: "solid" },
          { name: "More went out", look: "striped" },
          { name: "Together so far", look: "line" },
        ]}
      />
      <ResponsiveContainer width="100%" height={heightPx}>
        <ComposedChart data={points} accessibilityLayer={false} margin={margin}>
          <Stripes id={stripes} color="var(--warning)" />
          {frame({ currency, locale })}
          <Tooltip
            cursor={{ fill: "var(--muted)" }}
            content={({ active, payload }) => (
              <Tip point={active ? payload?.[0]?.payload : null} isFlow {...{ currency, locale }} />
            )}
          />
          <ReferenceLine y={0} stroke="var(--control)" />
          <Bar dataKey="netMinor" radius={2} isAnimationActive={false} onClick={open}>
            {points.map(({ month, netMinor }) => (
              <Cell
                key={month}
                fill={netMinor < 0 ? `url(#${stripes})` : "var(--primary)"}
                stroke={netMinor < 0 ? "var(--warning)" : "none"}
              />
            ))}
          </Bar>
          <Line
            dataKey="runningMinor"
            stroke="var(--foreground)"
            strokeWidth={2}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </>
  );
}

/** Axes and grid, the same in both. A function and no component: the library looks at its children's types. */
function frame({ currency, locale }: { currency: string; locale: string }) {
  return [
    <CartesianGrid key="grid" vertical={false} stroke="var(--border)" />,
    <XAxis key="months" {...axis} dataKey="label" tickFormatter={(label: string) => label.split(" ")[0] ?? ""} />,
    <YAxis key="money" {...axis} width={56} tickFormatter={(minor: number) => formatShort(minor, currency, locale)} />,
  ];
}

function useOpenMonth(points: readonly MonthPoint[]) {
  const router = useRouter();
  return (_bar: unknown, at: number) => {
    const href = points[at]?.href;
    if (href) router.push(href);
  };
}

interface TipProps {
  point: MonthPoint | null | undefined;
  currency: string;
  locale: string;
  isFlow?: boolean;
}

function Tip({ point, currency, locale, isFlow = false }: TipProps) {
  if (!point) return null;
  const write = (minor: number) => formatMinor(minor, currency, locale);
  return (
    <TipBox title={point.label}>
      <TipLine name="In" value={write(point.inMinor)} />
      <TipLine name="Out" value={write(point.outMinor)} />
      <TipLine name="In less out" value={write(point.netMinor)} />
      {isFlow && <TipLine name="Together so far" value={write(point.runningMinor)} />}
    </TipBox>
  );
}
