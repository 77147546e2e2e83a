import { join } from "node:path";

const config = {
  poweredByHeader: false,
  // Our own packages, two folders up.
  turbopack: { root: join(import.meta.dirname, "..", "..") },
};

export default config;
