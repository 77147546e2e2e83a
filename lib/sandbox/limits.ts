import type { SandboxLimits } from "@/lib/contracts/sandbox";

/** The limits of a call that names none. */
export const defaultLimits: SandboxLimits = {
  cpuMs: 2_000,
  wallMs: 30_000,
  memoryBytes: 64 * 1024 * 1024,
  stackBytes: 256 * 1024,
  outputChars: 4 * 1024 * 1024,
  logLines: 200,
  logChars: 256 * 1024,
  requests: 50,
  requestChars: 1024 * 1024,
  responseChars: 8 * 1024 * 1024,
};

/** Compiled code longer than this never starts. */
export const maxCodeChars = 2 * 1024 * 1024;

/** A result nested deeper than this is refused: recursive code on the host's side would overflow its stack on it. */
export const maxResultDepth = 200;

/** What is left of an error message of the guest. */
export const maxMessageChars = 4_000;

/** The engine gets this much more WASM memory than the guest may allocate: its own heap, stack and fragmentation. */
export const engineOverheadBytes = 16 * 1024 * 1024;

/** QuickJS cannot promise more stack than this; both engines have 1 MiB of linear memory for it. */
export const maxStackBytes = 512 * 1024;

/** The defaults, the limits of this sandbox and those of one call, in growing precedence. */
export function mergeLimits(...layers: (Partial<SandboxLimits> | undefined)[]): SandboxLimits {
  const limits: SandboxLimits = { ...defaultLimits };
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value === undefined) continue;
      if (!Number.isFinite(value) || value < 0)
        throw new RangeError(`The limit ${name} is not a number of at least 0.`);
      limits[name as keyof SandboxLimits] = value;
    }
  limits.stackBytes = Math.min(limits.stackBytes, maxStackBytes);
  return limits;
}
