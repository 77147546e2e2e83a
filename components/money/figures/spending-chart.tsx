"use client";

import { useRouter } from "next/navigation";
import { Bar, BarChart, LabelList, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { axis } from "./chart-parts";

export interface SpendingPoint {
  label: string;
  outMinor: number;
  /** The amount in words, behind the bar. */
  text: string;
  href: string;
}

const rowPx = 34;

/** Bars lying down, the longest first. A bar opens its rows; the table beside it does the same by keyboard. */
export function SpendingChart({ points }: { points: SpendingPoint[] }) {
  const router = useRouter();
  return (
    <ResponsiveContainer width="100%" height={points.length * rowPx + 8}>
      <BarChart
        data={points}
        layout="vertical"
        accessibilityLayer={false}
        margin={{ top: 0, right: 92, bottom: 0, left: 0 }}
      >
        <XAxis type="number" hide domain={[0, "dataMax"]} />
        <YAxis
          {...axis}
          type="category"
          dataKey="label"
          width={118}
          interval={0}
          tick={{ fill: "var(--foreground)", fontSize: 13 }}
          tickFormatter={(label: string) => (label.length > 16 ? `${label.slice(0, 15)}…` : label)}
        />
        <Bar
          dataKey="outMinor"
          fill="var(--primary)"
          radius={3}
          barSize={16}
          minPointSize={2}
          isAnimationActive={false}
          className="cursor-pointer"
          onClick={(_bar, at) => {
            const href = points[at]?.href;
            if (href) router.push(href);
          }}
        >
          <LabelList dataKey="text" position="right" fill="var(--foreground)" fontSize={12} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}
