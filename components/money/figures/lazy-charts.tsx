"use client";

import dynamic from "next/dynamic";

/** The library that draws comes after the page, whose tables hold the same figures. */
const loading = (height: string) => () => <div className={`animate-pulse rounded bg-muted ${height}`} />;

export const SpendingChart = dynamic(() => import("./spending-chart").then((file) => file.SpendingChart), {
  ssr: false,
  loading: loading("h-64"),
});
export const MonthChart = dynamic(() => import("./month-charts").then((file) => file.MonthChart), {
  ssr: false,
  loading: loading("h-64"),
});
export const FlowChart = dynamic(() => import("./month-charts").then((file) => file.FlowChart), {
  ssr: false,
  loading: loading("h-64"),
});
