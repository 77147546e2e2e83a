/** Milliseconds of processor time of this thread; of the clock where Node cannot tell (before 23.9). */
export function threadCpuMs(): number {
  if (typeof process.threadCpuUsage !== "function") return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
