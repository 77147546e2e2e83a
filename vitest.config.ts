import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: here("./") },
      { find: /^@burgeon\/sdk\/test$/, replacement: here("./modules/sdk/test.ts") },
      { find: /^@burgeon\/sdk$/, replacement: here("./modules/sdk/index.ts") },
    ],
  },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    include: [
      "lib/**/*.test.ts",
      "modules/sdk/**/*.test.ts",
      "components/**/*.test.{ts,tsx}",
      "app/**/*.test.ts",
      "bench/**/*.test.ts",
      "e2e/**/*.unit.test.ts",
      "scripts/**/*.test.mjs",
    ],
    // The tests of modules run in our own sandbox, never here.
    exclude: ["**/node_modules/**", "modules/*/*/adapter.test.ts"],
    setupFiles: ["./lib/sandbox/testing.ts"],
    globalSetup: ["./scripts/supervisor/vitest-postgres.mjs"],
    env: {
      TZ: "UTC",
      // Of no value outside of tests.
      BURGEON_MASTER_KEY: "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
      NEXTAUTH_SECRET: "tests-only-tests-only-tests-only",
      NEXTAUTH_URL: "http://127.0.0.1:3000",
      BURGEON_URL: "http://127.0.0.1:3000",
    },
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Streams and processes in tests: what is left open is a fault, not a reason to wait.
    teardownTimeout: 5_000,
    unstubEnvs: true,
    restoreMocks: true,
  },
});
