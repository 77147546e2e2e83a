import type { SandboxErrorCode, SandboxLimits } from "@/lib/contracts/sandbox";

/** One hostile piece of code and the only ways it may end. */
export interface Attack {
  name: string;
  /** Body of `async go(ctx, input)`. */
  body?: string;
  /** In place of `body`: the whole script that is loaded. */
  script?: string;
  /** What `go` gets, as JSON. `{}` when left out. */
  inputJson?: string;
  limits?: Partial<SandboxLimits>;
  /** The code it ends with (one of several, where engines notice a different limit first), or the value it returns. */
  ends: SandboxErrorCode | SandboxErrorCode[] | { value: unknown };
  /** Part of the error's message. */
  says?: RegExp;
}

/** Small, so that hundreds of attacks end within a minute. */
export const attackLimits: SandboxLimits = {
  cpuMs: 200,
  // Never what ends an attack, unless it says so: a busy machine may give a thread little time.
  wallMs: 15_000,
  memoryBytes: 16 * 1024 * 1024,
  stackBytes: 256 * 1024,
  outputChars: 64 * 1024,
  logLines: 50,
  logChars: 16 * 1024,
  requests: 10,
  requestChars: 10_000,
  responseChars: 64 * 1024,
};
