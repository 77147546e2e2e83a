import { afterAll, beforeAll } from "vitest";
import { serveSample } from "../../demo/serve";
import { createPlaidFake } from "./testing-fake";

/**
 * A sample Plaid on a socket, whose banks are ready at once, and what the adapter needs to talk to it. The variables are set before
 * the environment is first read, so a file calls this at its top.
 */
export function servePlaid() {
  const { control, fetch: answer } = createPlaidFake({ readiness: "at-once" });
  const served = { control, origin: "" };
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const server = await serveSample(answer, 0);
    close = server.close;
    served.origin = server.origin;
    process.env.PLAID_CLIENT_ID = "sample-client";
    process.env.PLAID_SECRET = "sample-secret";
    process.env.PLAID_BASE_URL = server.origin;
  });
  afterAll(() => close?.());
  return served;
}
