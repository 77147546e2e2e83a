import { availableParallelism } from "node:os";
import type { Sandbox, SandboxCall, SandboxLimits, SandboxResult } from "@/lib/contracts/sandbox";
import { HostCall } from "./pool/host-call";
import { maxCodeChars, mergeLimits } from "./limits";
import type { SandboxEngine } from "./pool/protocol";
import { findSandboxRuntime } from "./runtime-path";
import { WorkerSlot } from "./pool/worker-slot";

export interface SandboxOptions {
  /** Workers that may compute at the same time. */
  workers?: number;
  engine?: SandboxEngine;
  /** In place of the defaults, for every call of this sandbox. */
  limits?: Partial<SandboxLimits>;
  /** The folder made by `buildSandboxRuntime`; found by itself when left out. */
  runtimeDirectory?: string;
}

/** Calls that only wait for the network hold a worker but no processor: so many more workers may exist for that. */
const extraWorkers = 8;

/** More waiting calls than this are a fault of the caller. */
const maxQueued = 1_000;

/** Starts in a row that may fail before waiting calls are told. */
const maxFailedStarts = 3;

/**
 * A pool of worker threads that run untrusted code, one fresh virtual machine per call.
 * `run` resolves with how the guest ended. It rejects when the caller's `signal` aborts, when the sandbox is closed,
 * and when the host itself fails (`onRequest` rejects, no runtime).
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  return new Pool(options);
}

/** The pool survives a reload of this file in development, which would otherwise leave its threads behind. */
const shared = globalThis as { burgeonSandbox?: Sandbox };

/** The one pool of this process, made at the first call. Nobody needs to close it: idle workers keep no process alive. */
export function getSandbox(): Sandbox {
  shared.burgeonSandbox ??= createSandbox();
  return shared.burgeonSandbox;
}

/** Ends the workers of this process's pool; the next `getSandbox` makes a new one. */
export async function closeSandbox(): Promise<void> {
  const { burgeonSandbox } = shared;
  delete shared.burgeonSandbox;
  await burgeonSandbox?.close();
}

class Pool implements Sandbox {
  private readonly slots = new Set<WorkerSlot>();
  private readonly queue: HostCall[] = [];
  private readonly workers: number;
  private readonly runtimeDirectory: Promise<string>;
  private isClosed = false;
  private nextCallId = 1;
  /** Workers lost since the last call that ended by itself. */
  private losses = 0;
  /** Workers in a row that died before they were ready. */
  private failedStarts = 0;
  private respawnTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SandboxOptions) {
    this.workers = Math.max(1, options.workers ?? availableParallelism() - 1);
    this.runtimeDirectory = options.runtimeDirectory ? Promise.resolve(options.runtimeDirectory) : findSandboxRuntime();
    // A missing runtime is reported by the first call.
    this.runtimeDirectory.catch(() => undefined);
  }

  async run(call: SandboxCall): Promise<SandboxResult> {
    if (this.isClosed) throw new Error("The sandbox is closed.");
    call.signal?.throwIfAborted();
    if (call.code.length > maxCodeChars) return rejectTooLong(call.code.length);
    if (this.queue.length >= maxQueued) throw new Error("Too many calls are waiting for the sandbox.");
    const runtimeDirectory = await this.runtimeDirectory;
    call.signal?.throwIfAborted();
    if (this.isClosed) throw new Error("The sandbox is closed.");
    const hostCall = new HostCall(this.nextCallId, call, mergeLimits(this.options.limits, call.limits));
    this.nextCallId += 1;
    this.queue.push(hostCall);
    hostCall.onAbandoned = () => {
      const at = this.queue.indexOf(hostCall);
      if (at >= 0) this.queue.splice(at, 1);
    };
    this.dispatch(runtimeDirectory);
    return hostCall.result;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.respawnTimer);
    for (const call of this.queue.splice(0)) call.reject(new Error("The sandbox is closed."));
    await Promise.all([...this.slots].map((slot) => slot.close()));
  }

  private dispatch(runtimeDirectory: string): void {
    if (this.isClosed) return;
    for (const slot of this.slots) {
      if (this.queue.length === 0) return;
      if (slot.isIdle) this.take(slot);
    }
    const starting = [...this.slots].filter((slot) => slot.isStarting).length;
    for (let missing = this.queue.length - starting; missing > 0; missing -= 1) {
      const computing = [...this.slots].filter((slot) => !slot.isParked).length;
      if (computing >= this.workers || this.slots.size >= this.workers + extraWorkers) return;
      if (!this.spawn(runtimeDirectory)) return;
    }
  }

  /** Whoever waits is told; the next call tries again. */
  private giveUp(cause: Error | undefined): void {
    this.failedStarts = 0;
    for (const call of this.queue.splice(0)) call.reject(new Error("The sandbox cannot start its workers.", { cause }));
  }

  private take(slot: WorkerSlot): void {
    const call = this.queue.shift();
    if (call) slot.run(call);
  }

  private spawn(runtimeDirectory: string): boolean {
    if (this.respawnTimer) return false;
    // The first loss is an accident; after that each one doubles the pause, so that a module that kills its worker
    // every time cannot keep the machine busy with starting threads.
    if (this.losses > 1) {
      const pauseMs = Math.min(5_000, 25 * 2 ** this.losses);
      this.losses -= 1;
      this.respawnTimer = setTimeout(() => {
        this.respawnTimer = undefined;
        this.start(runtimeDirectory);
        this.dispatch(runtimeDirectory);
      }, pauseMs);
      return false;
    }
    this.start(runtimeDirectory);
    return true;
  }

  private start(runtimeDirectory: string): void {
    const slot = new WorkerSlot({
      engine: this.options.engine ?? "quickjs-wasi",
      runtimeDirectory,
      onChange: () => this.dispatch(runtimeDirectory),
      onIdle: () => {
        this.losses = 0;
        this.failedStarts = 0;
        if (this.slots.size > this.workers && this.queue.length === 0) void slot.close();
        else this.dispatch(runtimeDirectory);
      },
      onLost: (error, wasReady) => {
        this.slots.delete(slot);
        if (this.isClosed) return;
        if (error || !wasReady) this.losses += 1;
        this.failedStarts = wasReady ? 0 : this.failedStarts + 1;
        if (this.failedStarts >= maxFailedStarts) this.giveUp(error);
        this.dispatch(runtimeDirectory);
      },
    });
    this.slots.add(slot);
  }
}

function rejectTooLong(chars: number): SandboxResult {
  return {
    ok: false,
    error: {
      code: "build_rejected",
      message: `The code has ${chars} characters; at most ${maxCodeChars} are allowed.`,
    },
    logs: [],
    usage: { cpuMs: 0, wallMs: 0, requests: 0 },
  };
}
