import type { SandboxLimits } from "@/lib/contracts/sandbox";

/** One fresh virtual machine. Only strings cross its wall, and their length is known before they are copied. */
export interface Machine {
  /** Runs code whose value is the driver: the one function of the guest that the host ever calls. */
  loadDriver(code: string, file: string): void;
  /** Runs a script for its effects. */
  evaluate(code: string, file: string): void;
  /** Calls the driver. */
  drive(...parts: string[]): GuestText;
  /** Runs promise reactions until none is left. */
  runJobs(): void;
  /** True when the machine has grown to most of what it may: the engine sometimes throws null for want of memory. */
  isNearlyFull(): boolean;
}

export interface GuestText {
  /** In UTF-16 units; -1 when the guest gave something that is not a string. */
  length: number;
  read(): string;
}

/** A function the guest can call. It must not throw: an error of the host would carry the host's stack into the guest. */
export type HostFunction = (...parts: GuestText[]) => string;

export interface MachineOptions {
  limits: SandboxLimits;
  /** The frozen clock when `deterministic`; otherwise the clock runs. */
  nowMs: number;
  deterministic: boolean;
  /** Asked often while guest code runs; true ends the machine at once. */
  shouldStop: () => boolean;
  functions: Record<string, HostFunction>;
}

/** Makes machines from a WASM file that was read once. */
export type MachineMaker = (options: MachineOptions) => Promise<Machine>;

/** The guest threw. All texts are the guest's own. */
export class GuestException extends Error {
  constructor(
    readonly guestName: string,
    readonly guestMessage: string,
    readonly guestStack: string,
  ) {
    super(guestMessage);
    this.name = "GuestException";
  }
}

/** The host ended the machine on purpose. */
export class MachineStopped extends Error {
  override name = "MachineStopped";
}
