import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Finding } from "@/lib/contracts/finding";
import { findSourceFaults } from "./bundle/source-limits";
import { findSandboxRuntime } from "./runtime-path";

/** From handing over the files to the findings. A module of 150 lines takes a twentieth of it. */
const defaultTimeoutMs = 5_000;
/** Loading the compiler, once per worker. */
const startTimeoutMs = 30_000;
/** The compiler with the library takes about a third of it. */
const maxHeapMb = 384;

interface Checker {
  worker: Worker;
  ready: Promise<void>;
  /** Set once the thread is gone. */
  end: { error: Error | undefined } | undefined;
  nextId: number;
}

let checker: Checker | undefined;
/** Checks run one after the other: the compiler is one thread and wants its memory for itself. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Type errors of a module and its tests (`{ "adapter.ts": "…" }`) against the SDK and the library of the sandbox; empty
 * when there are none. Reads nothing from the disk for the module's sake. A check that takes too long or too much memory
 * is killed and ends in a finding.
 * Findings: type_error, import_denied, dynamic_code, check_suppressed, reference_denied, ambient_declaration, file_name,
 * size_limit, type_check_timeout, type_check_memory, type_check_too_complex.
 */
export async function typeCheckModule(files: Record<string, string>, timeoutMs = defaultTimeoutMs): Promise<Finding[]> {
  const faults = findSourceFaults(files);
  if (faults.length > 0) return faults;
  const result = last.then(() => checkNow(files, timeoutMs));
  last = result.catch(() => undefined);
  return result;
}

/** Loads the compiler ahead of the first check. */
export async function warmTypeChecker(): Promise<void> {
  await (await findChecker()).ready;
}

/** Ends the compiler's thread. The next check starts a new one. */
export async function closeTypeChecker(): Promise<void> {
  const { worker } = checker ?? {};
  checker = undefined;
  await worker?.terminate();
}

async function checkNow(files: Record<string, string>, timeoutMs: number): Promise<Finding[]> {
  const current = await findChecker();
  const { worker } = current;
  worker.ref();
  let timer: NodeJS.Timeout | undefined;
  let forget = () => {};
  try {
    await current.ready;
    const id = current.nextId;
    current.nextId += 1;
    const answer = new Promise<Finding[]>((resolve, reject) => {
      const onMessage = (message: { id: number; findings: Finding[] }) => {
        if (message.id === id) resolve(message.findings);
      };
      const onExit = () => {
        const error = current.end?.error;
        if (error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve([tooLarge()]);
        else reject(new Error("The type check ended without a result.", { cause: error }));
      };
      worker.on("message", onMessage);
      worker.on("exit", onExit);
      forget = () => {
        worker.off("message", onMessage);
        worker.off("exit", onExit);
      };
      timer = setTimeout(() => resolve([tooSlow(timeoutMs)]), timeoutMs);
    });
    worker.postMessage({ id, files });
    const findings = await answer;
    if (findings.some(({ code }) => code === "type_check_timeout" || code === "type_check_memory"))
      await discard(current);
    return findings;
  } finally {
    clearTimeout(timer);
    forget();
    worker.unref();
  }
}

async function findChecker(): Promise<Checker> {
  const runtimeDirectory = await findSandboxRuntime();
  if (checker && !checker.end) return checker;
  const worker = new Worker(/* turbopackIgnore: true */ join(runtimeDirectory, "type-check-worker.mjs"), {
    workerData: { runtimeDirectory },
    env: {},
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    name: "burgeon-type-check",
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const started: Checker = { worker, ready: Promise.resolve(), end: undefined, nextId: 1 };
  worker.on("error", (error) => {
    started.end = { error: error instanceof Error ? error : new Error(String(error)) };
  });
  worker.on("exit", () => {
    started.end ??= { error: undefined };
  });
  started.ready = waitForStart(started);
  // Whoever waits for it gets the error; nobody may be waiting yet.
  started.ready.catch(() => undefined);
  checker = started;
  return started;
}

function waitForStart(started: Checker): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The type check did not start.")), startTimeoutMs);
    started.worker.once("message", () => {
      clearTimeout(timer);
      resolve();
    });
    started.worker.once("exit", () => {
      clearTimeout(timer);
      reject(new Error("The type check did not start.", { cause: started.end?.error }));
    });
  });
}

async function discard(used: Checker): Promise<void> {
  if (checker === used) checker = undefined;
  await used.worker.terminate();
}

function tooSlow(timeoutMs: number): Finding {
  return {
    code: "type_check_timeout",
    file: "",
    message: `The type check took longer than ${timeoutMs / 1000} seconds.`,
    hint: "Use simpler types: plain interfaces instead of computed ones.",
  };
}

function tooLarge(): Finding {
  return {
    code: "type_check_memory",
    file: "",
    message: "The type check needed more memory than it may have.",
    hint: "Use simpler types: plain interfaces instead of computed ones.",
  };
}
