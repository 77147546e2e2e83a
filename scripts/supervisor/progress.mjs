/** Tells people what happens: one line per step with its time, and a live line on a terminal. */
export function createProgress(stream = process.stdout) {
  const isPretty = Boolean(stream.isTTY) && !process.env.CI;
  const write = (text) => stream.write(text);
  const paint = (code, text) => (isPretty && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    /** Runs one step. The result of `work` may be a string: then it is shown beside the name. */
    async step(name, work) {
      const startedAt = performance.now();
      if (isPretty) write(`  ${paint(2, `… ${name}`)}`);
      const begin = () => (isPretty ? "\r\u001b[2K" : "");
      try {
        const result = await work();
        const note = typeof result === "string" ? `${name} (${result})` : name;
        write(`${begin()}${paint(32, "✓")} ${note} · ${seconds(performance.now() - startedAt)}\n`);
        return result;
      } catch (error) {
        write(`${begin()}${paint(31, "✗")} ${name} · ${seconds(performance.now() - startedAt)}\n`);
        throw error;
      }
    },
    say: (text) => write(`${text}\n`),
  };
}

/** `0.4 s`, `12 s`, `2 min 5 s`. */
export function seconds(durationMs) {
  const value = durationMs / 1000;
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 60) return `${Math.round(value)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
