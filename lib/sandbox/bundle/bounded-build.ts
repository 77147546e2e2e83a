import { type BuildOptions, build, type OutputFile, stop } from "esbuild";

/** A module of 150 lines takes 5 ms. Crafted sources (thousands of chained arrows) keep the bundler busy for hours. */
const maxBuildMs = 5_000;

/** One at a time, since ending a build means ending the bundler's process with everything it does. */
let last: Promise<unknown> = Promise.resolve();

/**
 * The files of one build; nothing when it took too long. The bundler is a process of its own and does not answer at all
 * once it has died of a source, so the clock is the only judge. The next build starts a new one.
 * Rejects with the bundler's own BuildFailure when the sources are wrong.
 */
export function buildBounded(
  options: BuildOptions & { write: false },
  timeoutMs = maxBuildMs,
): Promise<OutputFile[] | undefined> {
  const result = last.then(() => buildNow(options, timeoutMs));
  last = result.catch(() => undefined);
  return result;
}

async function buildNow(
  options: BuildOptions & { write: false },
  timeoutMs: number,
): Promise<OutputFile[] | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  const built = build(options).then(({ outputFiles }) => outputFiles);
  // Ended from outside it rejects when nobody listens any more.
  built.catch(() => undefined);
  try {
    const files = await Promise.race([built, tooLate]);
    if (files === undefined) await stop();
    return files;
  } finally {
    clearTimeout(timer);
  }
}
