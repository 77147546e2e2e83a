import { readFileSync } from "node:fs";
import { join } from "node:path";
import variant from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from "quickjs-emscripten-core";
import { pageBytes } from "./cap-memory";
import { engineOverheadBytes } from "../limits";
import {
  GuestException,
  type GuestText,
  type Machine,
  type MachineMaker,
  type MachineOptions,
  MachineStopped,
} from "./machine";

/** What this build needs at least. */
const initialPages = 256;

/** Jobs between two looks at the stop condition: this engine's interrupt ends one job, not the queue. */
const jobsPerLook = 200;

/**
 * The fallback engine: upstream QuickJS through emscripten. Its own memory limit counts wrongly, so the bound is the
 * maximum of the `WebAssembly.Memory` it is given. Never disposed: dispose can abort; the instance is dropped whole.
 */
export function createEmscriptenMaker(runtimeDirectory: string): MachineMaker {
  const wasmModule = WebAssembly.compile(readFileSync(join(runtimeDirectory, "quickjs-emscripten.wasm")));
  return async (options) => {
    const wantedPages = Math.ceil((options.limits.memoryBytes + engineOverheadBytes) / pageBytes);
    const maximum = Math.max(initialPages, wantedPages);
    const memory = new WebAssembly.Memory({ initial: initialPages, maximum });
    const quickjs = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, {
        wasmModule: await wasmModule,
        wasmMemory: memory,
      }),
    );
    setEngineClock(options);
    const runtime = quickjs.newRuntime({
      memoryLimitBytes: options.limits.memoryBytes,
      maxStackSizeBytes: options.limits.stackBytes,
      interruptHandler: options.shouldStop,
    });
    const isNearlyFull = () => memory.buffer.byteLength >= maximum * pageBytes * 0.75;
    return new EmscriptenMachine(runtime.newContext(), options, isNearlyFull);
  };
}

class EmscriptenMachine implements Machine {
  private driver: QuickJSHandle | undefined;

  constructor(
    private readonly context: QuickJSContext,
    private readonly options: MachineOptions,
    readonly isNearlyFull: () => boolean,
  ) {
    for (const [name, run] of Object.entries(options.functions)) {
      const handle = context.newFunction(name, (...parts) =>
        context.newString(run(...parts.map((part) => this.toGuestText(part)))),
      );
      context.setProp(context.global, name, handle);
    }
  }

  loadDriver(code: string, file: string): void {
    this.driver = this.enter(() => this.context.evalCode(code, file));
  }

  evaluate(code: string, file: string): void {
    this.enter(() => this.context.evalCode(code, file));
  }

  drive(...parts: string[]): GuestText {
    const driver = this.driver;
    if (!driver) throw new Error("The driver is not loaded.");
    const handles = parts.map((part) => this.context.newString(part));
    return this.toGuestText(this.enter(() => this.context.callFunction(driver, this.context.undefined, ...handles)));
  }

  runJobs(): void {
    for (;;) {
      const result = this.context.runtime.executePendingJobs(jobsPerLook);
      if (this.options.shouldStop()) throw new MachineStopped();
      if (result.error) throw this.toException(result.error);
      if (result.value < jobsPerLook) return;
    }
  }

  private enter(run: () => ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    setEngineClock(this.options);
    const result = run();
    if (this.options.shouldStop()) throw new MachineStopped();
    if (result.error) throw this.toException(result.error);
    return result.value;
  }

  private toGuestText(handle: QuickJSHandle): GuestText {
    const isString = this.context.typeof(handle) === "string";
    return {
      length: isString ? this.context.getNumber(this.context.getProp(handle, "length")) : -1,
      read: () => this.context.getString(handle),
    };
  }

  private toException(error: QuickJSHandle): GuestException {
    const text = (name: string) => {
      const handle = this.context.getProp(error, name);
      return this.context.typeof(handle) === "string" ? this.context.getString(handle) : "";
    };
    if (this.context.typeof(error) !== "object") return new GuestException("Error", this.context.getString(error), "");
    return new GuestException(text("name"), text("message"), text("stack"));
  }
}

const realNow = Date.now;

/**
 * This build asks the worker's own Date for the time and the zone. The worker does nothing else with it, so its Date
 * is set to UTC, and to the frozen instant of a deterministic call.
 */
function setEngineClock(options: MachineOptions): void {
  Date.now = options.deterministic ? () => options.nowMs : realNow;
  Date.prototype.getTimezoneOffset = () => 0;
  Date.prototype.getFullYear = Date.prototype.getUTCFullYear;
  Date.prototype.getMonth = Date.prototype.getUTCMonth;
  Date.prototype.getDate = Date.prototype.getUTCDate;
  Date.prototype.getDay = Date.prototype.getUTCDay;
  Date.prototype.getHours = Date.prototype.getUTCHours;
  Date.prototype.getMinutes = Date.prototype.getUTCMinutes;
  Date.prototype.getSeconds = Date.prototype.getUTCSeconds;
}
