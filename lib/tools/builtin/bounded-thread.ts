import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** The work took too long, needed too much memory, or broke its thread. */
export class BoundsError extends Error {}

export interface BoundedWork {
  /**
   * Body of a CommonJS script with `input`, `load(package)` and `answer(value)`. It is ours and fixed; only `input` is foreign.
   */
  program: string;
  input: unknown;
  /** npm packages the program loads. */
  packages: readonly string[];
  /** For the work itself, from when the packages are loaded: on a busy machine that alone may take seconds. */
  timeoutMs: number;
  memoryMb: number;
  signal: AbortSignal;
}

const require = createRequire(import.meta.url);
const loadTimeoutMs = 20_000;

/**
 * Work on foreign input that may take for ever (a formula, a web page), in a thread of its own that is ended when it passes
 * its bounds, so that it can never hold up the process that renews leases.
 * @throws BoundsError, or the signal's reason
 */
export async function runBounded(work: BoundedWork): Promise<unknown> {
  work.signal.throwIfAborted();
  const paths = Object.fromEntries(work.packages.map((name) => [name, require.resolve(name)]));
  const worker = new Worker(wrap(work.program), {
    eval: true,
    env: {},
    stdout: true,
    stderr: true,
    workerData: { input: work.input, paths },
    resourceLimits: { maxOldGenerationSizeMb: work.memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 2 },
  });
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const giveUpAfter = (ms: number) => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new BoundsError(`took longer than ${ms} ms`)), ms);
      };
      giveUpAfter(loadTimeoutMs);
      onAbort = () => reject(work.signal.reason);
      work.signal.addEventListener("abort", onAbort, { once: true });
      worker.once("message", () => {
        giveUpAfter(work.timeoutMs);
        worker.once("message", resolve);
      });
      worker.once("error", (cause) => reject(new BoundsError("the thread broke", { cause })));
      worker.once("exit", () => reject(new BoundsError("the thread ended without an answer")));
    });
  } finally {
    clearTimeout(timer);
    if (onAbort) work.signal.removeEventListener("abort", onAbort);
    await worker.terminate();
  }
}

function wrap(program: string): string {
  return `const { parentPort, workerData } = require("node:worker_threads");
const loaded = Object.fromEntries(Object.entries(workerData.paths).map(([name, path]) => [name, require(path)]));
parentPort.postMessage("ready");
((input, load, answer) => { ${program} })(workerData.input, (name) => loaded[name], (value) => parentPort.postMessage(value));`;
}
