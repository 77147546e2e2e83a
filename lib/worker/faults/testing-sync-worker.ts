import { takeWebhook } from "@/lib/connections/webhook";
import { defaultBudget } from "@/lib/contracts/run";
import { serveSample } from "@/lib/demo/serve";
import { logger } from "@/lib/logger";
import { startJobs } from "../jobs";
import { runWorkerProcess } from "../worker-process";
import type { FaultWorkerOptions } from "./testing-fault-worker";

/** What providers send, taken as the route takes it, in a process that can be killed. */
async function serveWebhooks(): Promise<void> {
  const { origin } = await serveSample(async (request) => {
    const adapterId = new URL(request.url).pathname.split("/").at(-1) ?? "";
    const body = new Uint8Array(await request.arrayBuffer());
    const isTheirs = await takeWebhook(adapterId, { headers: request.headers, body });
    return new Response(null, { status: isTheirs ? 200 : 401 });
  }, 0);
  const port = Number(new URL(origin).port);
  logger.info({ room: "worker", port }, "worker started");
}

if (process.argv[2]) {
  const { isWeb, concurrency } = JSON.parse(process.argv[2]) as FaultWorkerOptions;
  const noRuns = () => Promise.reject(new Error("no runs here"));
  if (isWeb) await serveWebhooks();
  else
    await runWorkerProcess(
      {
        resolveModel: noRuns,
        listTools: async () => [],
        getTimeZone: async () => "UTC",
        getBudget: async () => defaultBudget,
        executeBuild: noRuns,
        findBuildOutcome: async () => null,
        scan: async () => undefined,
      },
      concurrency,
      startJobs,
    );
}
