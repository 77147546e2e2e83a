import type { Adapter, AdapterIo } from "../../contracts/adapter";
import { serveSample } from "../../demo/serve";
import { createPlaidAdapter } from "./adapter";
import { createPlaidClient, type PlaidClient, type PlaidConfiguration } from "./client";
import type { PlaidFakeOptions } from "./testing-bank";
import type { PlaidFakeControl } from "./testing-control";
import { createPlaidFake } from "./testing-fake";

export interface PlaidTest {
  origin: string;
  control: PlaidFakeControl;
  client: PlaidClient;
  adapter: Adapter;
  /** Links a sample bank. */
  link(
    institutionId: string,
    options?: Parameters<PlaidFakeControl["publicToken"]>[1],
  ): Promise<{ io: AdapterIo; key: string; accessToken: string }>;
  close(): Promise<void>;
}

/** The adapter with its true client, over real HTTP, in front of a fake. */
export async function startPlaidTest(
  options: PlaidFakeOptions = {},
  configuration: Partial<PlaidConfiguration> = {},
): Promise<PlaidTest> {
  const fake = createPlaidFake(options);
  const server = await serveSample(fake.fetch, 0);
  const client = createPlaidClient(() => ({
    clientId: "sample-client",
    secret: "sample-secret",
    baseUrl: server.origin,
    countryCodes: ["US", "CA"],
    redirectUri: undefined,
    timeoutMs: 10_000,
    retryPauseMs: 1,
    ...configuration,
  }));
  const adapter = createPlaidAdapter(client);
  return {
    origin: server.origin,
    control: fake.control,
    client,
    adapter,
    async link(institutionId, tokenOptions) {
      const publicToken = fake.control.publicToken(institutionId, tokenOptions);
      const signal = new AbortController().signal;
      const linked = await adapter.link?.exchange({ publicToken, signal });
      if (!linked) throw new Error("The adapter links nothing.");
      return { ...linked, io: createTestIo(linked.accessToken, { now: options.now }) };
    },
    close: server.close,
  };
}

/** What the host lends, for tests. */
export function createTestIo(
  accessToken: string,
  { signal = new AbortController().signal, now = () => new Date() }: { signal?: AbortSignal; now?: () => Date } = {},
): AdapterIo {
  return {
    accessToken: async () => accessToken,
    fetch: () => Promise.reject(new Error("Plaid's adapter asks nobody but Plaid.")),
    signal,
    now,
  };
}
