import { buildFromSources, setSandboxRuntime } from "./runtime-path";

/**
 * For tests: `import "@/lib/sandbox/testing"` (or list it under `setupFiles`) and the sandbox runs from today's sources,
 * not from an older `dist/sandbox`.
 */
setSandboxRuntime(await buildFromSources(process.cwd()));
