import { join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import type { HostCall } from "./host-call";
import type { FromWorker, SandboxEngine, ToWorker, WorkerStart } from "./protocol";

interface SlotOptions {
  engine: SandboxEngine;
  runtimeDirectory: string;
  /** Something changed that may let a waiting call begin. */
  onChange: () => void;
  /** A call ended and the worker is free. */
  onIdle: () => void;
  /** The worker is gone. `error` is set when it was killed or died. */
  onLost: (error: Error | undefined, wasReady: boolean) => void;
}

/** How often the watchdog looks. */
const watchMs = 50;
/** Native loops inside the engine never ask whether they should stop; the watchdog gives the polite way this long. */
const graceMs = 250;

/** One worker thread, the call it runs, and the watchdog over both. */
export class WorkerSlot {
  isStarting = true;
  private isDead = false;
  private isClosing = false;
  private call: HostCall | undefined;
  private readonly worker: Worker;
  private readonly stopCell = new Int32Array(new SharedArrayBuffer(4));
  /** When the guest began to compute; undefined while it waits for answers. */
  private busySinceMs: number | undefined;
  /** Processor time of the thread, as it last told. */
  private threadCpuMs = 0;
  private watch: NodeJS.Timeout | undefined;
  /** The call that was told to end and has not yet confirmed. */
  private stopping: { callId: number; timer: NodeJS.Timeout } | undefined;

  constructor(private readonly options: SlotOptions) {
    const workerData: WorkerStart = {
      engine: options.engine,
      runtimeDirectory: options.runtimeDirectory,
      stopCell: this.stopCell.buffer as SharedArrayBuffer,
    };
    const file = join(options.runtimeDirectory, "worker.mjs");
    const workerOptions: WorkerOptions = {
      workerData,
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      name: "burgeon-sandbox",
      // For the host's own strings in that thread; the guest's memory is the machine's and is bounded there.
      resourceLimits: { maxOldGenerationSizeMb: 256, stackSizeMb: 4 },
    };
    // Not `new Worker`: the web's bundler would look for the file, find one below dist and take it apart.
    this.worker = Reflect.construct(Worker, [file, workerOptions]) as Worker;
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on("message", (message: FromWorker) => this.receive(message));
    this.worker.on("error", (error) => this.lose(error instanceof Error ? error : new Error(String(error))));
    this.worker.on("exit", () => this.lose(this.isClosing ? undefined : new Error("The worker ended.")));
  }

  get isIdle(): boolean {
    return !this.isStarting && !this.isDead && !this.isClosing && !this.call && !this.stopping;
  }

  /** True while the call waits for answers and needs no processor. */
  get isParked(): boolean {
    return this.call !== undefined && this.busySinceMs === undefined;
  }

  run(call: HostCall): void {
    this.call = call;
    this.busySinceMs = performance.now();
    this.worker.ref();
    call.send = (message) => {
      this.busySinceMs ??= performance.now();
      this.post(message);
    };
    call.onStop = () => this.stopCall(call);
    this.post(call.begin());
    this.watch = setInterval(() => void this.look(call), watchMs);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.call?.reject(new Error("The sandbox is closed."));
    await this.worker.terminate();
  }

  private post(message: ToWorker): void {
    if (!this.isDead) this.worker.postMessage(message);
  }

  private receive(message: FromWorker): void {
    if (message.type === "ready") {
      this.isStarting = false;
      this.threadCpuMs = message.threadCpuMs;
      this.worker.unref();
      this.options.onChange();
      return;
    }
    if (message.type === "dropped") {
      if (this.stopping?.callId === message.callId) this.free();
      return;
    }
    const { call } = this;
    if (!call || call.callId !== message.callId) return;
    if (message.type === "log") call.receiveLog(message.log);
    else if (message.type === "request") void call.receiveRequest(message);
    else {
      this.threadCpuMs = message.threadCpuMs;
      if (message.type === "done") {
        this.call = undefined;
        call.receiveDone(message.outcome, message.cpuMs);
        this.free();
      } else {
        call.cpuMs = message.cpuMs;
        this.busySinceMs = message.answered === call.answersSent ? undefined : performance.now();
        if (this.isParked) this.options.onChange();
      }
    }
  }

  /** The call was settled from outside while the worker still has it. */
  private stopCall(call: HostCall): void {
    if (this.call !== call) return;
    this.call = undefined;
    clearInterval(this.watch);
    if (this.isDead || this.isClosing) return;
    Atomics.store(this.stopCell, 0, call.callId);
    this.post({ type: "drop", callId: call.callId });
    const timer = setTimeout(() => void this.kill("The worker did not stop."), graceMs);
    this.stopping = { callId: call.callId, timer };
  }

  private free(): void {
    clearInterval(this.watch);
    clearTimeout(this.stopping?.timer);
    this.stopping = undefined;
    this.busySinceMs = undefined;
    if (this.isDead) return;
    this.worker.unref();
    this.options.onIdle();
  }

  /** The watchdog: wall clock for everything, processor time for code that never asks whether it should stop. */
  private async look(call: HostCall): Promise<void> {
    if (this.call !== call) return;
    const { cpuMs, wallMs } = call.limits;
    if (call.wallMs > wallMs) {
      call.fail({ code: "wall_timeout", message: `The call took longer than ${wallMs} ms.` });
      return;
    }
    const busySinceMs = this.busySinceMs;
    if (busySinceMs === undefined) return;
    const leftMs = cpuMs - call.cpuMs;
    if (performance.now() - busySinceMs <= leftMs + graceMs) return;
    const toldMs = this.threadCpuMs;
    const usedMs = await this.readThreadCpuMs();
    // The thread may have moved on, or may only have been kept from running by a busy machine.
    if (this.call !== call || this.busySinceMs !== busySinceMs || usedMs === undefined) return;
    if (usedMs - toldMs <= leftMs + graceMs / 2) return;
    call.fail({ code: "cpu_timeout", message: `The code computed for more than ${cpuMs} ms without a pause.` });
    await this.kill("The code would not stop.");
  }

  /** Before Node 24.6 nobody can ask another thread: the clock has to do. Nothing when the thread is gone. */
  private async readThreadCpuMs(): Promise<number | undefined> {
    if (typeof this.worker.cpuUsage !== "function") return Number.POSITIVE_INFINITY;
    const usage = await this.worker.cpuUsage().catch(() => undefined);
    return usage && (usage.user + usage.system) / 1000;
  }

  private async kill(reason: string): Promise<void> {
    this.lose(new Error(reason));
    await this.worker.terminate();
  }

  private lose(error: Error | undefined): void {
    if (this.isDead) return;
    this.isDead = true;
    clearInterval(this.watch);
    clearTimeout(this.stopping?.timer);
    const { call } = this;
    this.call = undefined;
    const isOutOfMemory = error !== undefined && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    call?.fail(
      isOutOfMemory
        ? { code: "memory_limit", message: "The worker ran out of memory." }
        : { code: "vm_trap", message: "The worker that ran the code died." },
    );
    this.options.onLost(error, !this.isStarting);
  }
}
