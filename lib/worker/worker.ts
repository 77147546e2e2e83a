import { ensureOwner } from "@/lib/auth/first-run";
import { getBudget } from "@/lib/db/budget";
import { getTimeZone } from "@/lib/db/profile";
import { env } from "@/lib/env";
import { resolveModel } from "@/lib/models/resolve";
import { executeBuild } from "@/lib/module-host/execute-build";
import { scanModuleFolders } from "@/lib/module-host/scan";
import { findBuildOutcome } from "@/lib/module-host/start-build";
import { listTools } from "@/lib/tools/registry";
import { startJobs } from "./jobs";
import { runWorkerProcess } from "./worker-process";

await runWorkerProcess(
  {
    resolveModel,
    listTools,
    getBudget,
    getTimeZone,
    executeBuild,
    findBuildOutcome,
    async scan() {
      // Folders belong to the owner; on a fresh installation there may be none yet, and first run scans again.
      await ensureOwner();
      await scanModuleFolders();
    },
  },
  env().BURGEON_WORKER_CONCURRENCY,
  startJobs,
);
