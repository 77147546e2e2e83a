import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // `npm run check` type-checks the whole project, tests included. Who starts Burgeon need not wait for that.
  typescript: { ignoreBuildErrors: true },
  // Kept out of the bundle: they find their own files (workers, WebAssembly, binaries) next to themselves, or are large and
  // only ever loaded by a server.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "googleapis",
    "plaid",
    "pino",
    "@prisma/client",
    "@prisma/adapter-pg",
    "esbuild",
    "typescript",
    "undici",
    "mathjs",
    "linkedom",
    "@mozilla/readability",
    "quickjs-emscripten-core",
    "@jitl/quickjs-wasmfile-release-sync",
    "quickjs-wasi",
  ],
};

export default config;
