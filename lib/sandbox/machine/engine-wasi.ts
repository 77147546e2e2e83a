import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSException, type JSValueHandle, QuickJS } from "quickjs-wasi";
import { capMemory, pageBytes } from "./cap-memory";
import { engineOverheadBytes } from "../limits";
import {
  GuestException,
  type GuestText,
  type Machine,
  type MachineMaker,
  type MachineOptions,
  MachineStopped,
} from "./machine";

/** The primary engine: QuickJS-NG as a WASI module with its own memory, capped by V8. */
export function createWasiMaker(runtimeDirectory: string): MachineMaker {
  const bytes = readFileSync(join(runtimeDirectory, "quickjs-wasi.wasm"));
  const modules = new Map<number, WebAssembly.Module>();
  return async (options) => {
    const pages = Math.ceil((options.limits.memoryBytes + engineOverheadBytes) / pageBytes);
    let wasm = modules.get(pages);
    if (!wasm) {
      wasm = await WebAssembly.compile(capMemory(bytes, pages));
      // A handful of distinct memory limits is all a product has; more would keep compiled copies for nothing.
      if (modules.size >= 4) modules.clear();
      modules.set(pages, wasm);
    }
    let memory: WebAssembly.Memory | undefined;
    const vm = await QuickJS.create({
      wasm,
      wasi: (given) => {
        memory = given;
        return createSystemCalls(given, options);
      },
      memoryLimit: options.limits.memoryBytes,
      maxStackSize: options.limits.stackBytes,
      timezoneOffset: 0,
      interruptHandler: () => {
        // Throwing unwinds the whole WASM stack; the guest cannot catch it.
        if (options.shouldStop()) throw new MachineStopped();
        return false;
      },
    });
    return new WasiMachine(vm, options, () => (memory?.buffer.byteLength ?? 0) >= options.limits.memoryBytes * 0.75);
  };
}

class WasiMachine implements Machine {
  private driver: JSValueHandle | undefined;
  /** The result of the last host function: the engine takes its own reference, ours is freed at the next call. */
  private previous: JSValueHandle | undefined;

  constructor(
    private readonly vm: QuickJS,
    options: MachineOptions,
    readonly isNearlyFull: () => boolean,
  ) {
    for (const [name, run] of Object.entries(options.functions)) {
      const handle = vm.newFunction(name, (...parts) => {
        this.previous?.dispose();
        this.previous = vm.newString(run(...parts.map(toGuestText)));
        return this.previous;
      });
      vm.global.setProp(name, handle);
    }
  }

  loadDriver(code: string, file: string): void {
    this.driver = guard(() => this.vm.evalCode(code, file));
  }

  evaluate(code: string, file: string): void {
    guard(() => this.vm.evalCode(code, file));
  }

  drive(...parts: string[]): GuestText {
    const driver = this.driver;
    if (!driver) throw new Error("The driver is not loaded.");
    return guard(() =>
      toGuestText(this.vm.callFunction(driver, this.vm.undefined, ...parts.map((part) => this.vm.newString(part)))),
    );
  }

  runJobs(): void {
    guard(() => this.vm.executePendingJobs());
  }
}

function toGuestText(handle: JSValueHandle): GuestText {
  // `length` of a primitive string is its own and cannot be replaced by the guest.
  return { length: handle.isString ? handle.length : -1, read: () => handle.toString() };
}

function guard<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof JSException) throw new GuestException(error.name, error.message, error.stack ?? "");
    if (error instanceof Error && /^Job execution error: |^wasm_malloc failed/.test(error.message))
      throw new GuestException("InternalError", error.message, "");
    throw error;
  }
}

const success = 0;
/** Errno of a call that this system does not have. */
const notSupported = 52;

function createSystemCalls(memory: WebAssembly.Memory, options: MachineOptions) {
  // Any non-zero constant: Math.random must repeat itself in a deterministic call, not be good.
  let seed = 0x2545f491;
  return {
    clock_time_get(_clock: number, _precision: bigint, resultAt: number): number {
      const nowMs = options.deterministic ? options.nowMs : Date.now();
      new DataView(memory.buffer).setBigUint64(resultAt, BigInt(Math.trunc(nowMs)) * 1_000_000n, true);
      return success;
    },
    random_get(at: number, length: number): number {
      const bytes = new Uint8Array(memory.buffer, at, length);
      if (!options.deterministic) randomFillSync(bytes);
      else
        for (let index = 0; index < length; index += 1) {
          seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
          bytes[index] = seed >>> 24;
        }
      return success;
    },
    /** The engine's own output would land on the host's stdout. */
    fd_write: () => notSupported,
  };
}
