import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { takeWebhook } from "@/lib/connections/webhook";
import { defaultBudget } from "@/lib/contracts/run";
import { logger } from "@/lib/logger";
import { startJobs } from "../jobs";
import { runWorkerProcess } from "../worker-process";
import type { FaultWorkerOptions } from "./testing-fault-worker";

/** What providers send, taken as the route takes it, in a process that can be killed. */
async function serveWebhooks(): Promise<void> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers))
      if (typeof value === "string") headers.set(name, value);
    const adapterId = incoming.url?.split("/").at(-1) ?? "";
    const isTheirs = await takeWebhook(adapterId, { headers, body: Buffer.concat(chunks) });
    outgoing.writeHead(isTheirs ? 200 : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
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
