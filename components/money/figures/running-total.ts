/** Each month's net, and what the months up to it come to together. */
export function withRunningTotal<Month extends { netMinor: number }>(
  months: readonly Month[],
): (Month & { runningMinor: number })[] {
  let runningMinor = 0;
  return months.map((month) => {
    runningMinor += month.netMinor;
    return { ...month, runningMinor };
  });
}
