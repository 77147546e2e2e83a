import { createGoogleFake } from "../adapters/google-calendar/testing-fake";
import { createIcsFake, sampleFeedToken } from "../adapters/ics/testing-fake";
import { createOpenMeteoFake } from "../adapters/open-meteo/testing-fake";
import { createOsrmFake } from "../adapters/osrm/testing-fake";
import { createPlaidFake } from "../adapters/plaid/testing-fake";
import { createWebSearchFake } from "../adapters/web-search/testing-fake";
import { plantSampleDays } from "./sample-days";
import { serveSample } from "./serve";

/** The adapters' own fakes on loopback, and the variables that point an installation at them. */
export interface SampleAccounts {
  env: Record<string, string>;
  origins: string[];
  google: ReturnType<typeof createGoogleFake>;
  plaid: ReturnType<typeof createPlaidFake>;
  /** Address of a sample calendar feed. */
  feedUrl: string;
  close(): Promise<void>;
}

/**
 * Serves the samples of calendar, bank, weather, ways and web search.
 * @param firstPort of six in a row; 0 picks free ones
 */
export async function serveSampleAccounts(firstPort: number): Promise<SampleAccounts> {
  const google = createGoogleFake();
  plantSampleDays(google, new Date());
  const plaid = createPlaidFake();
  const port = (offset: number) => (firstPort === 0 ? 0 : firstPort + offset);
  const servers = [
    await serveSample((request) => google.fetch(request), port(0)),
    await serveSample((request) => plaid.fetch(request), port(1)),
    await serveSample(createOpenMeteoFake().serve, port(2)),
    await serveSample(createOsrmFake().serve, port(3)),
    await serveSample(createWebSearchFake().serve, port(4)),
    await serveSample(createIcsFake().serve, port(5)),
  ];
  const origins = servers.map(({ origin }) => origin);
  const [googleUrl = "", plaidUrl = "", weatherUrl = "", waysUrl = "", searchUrl = "", feedsUrl = ""] = origins;
  return {
    google,
    plaid,
    origins,
    feedUrl: `${feedsUrl}/calendar.ics?token=${sampleFeedToken}`,
    env: {
      GOOGLE_API_BASE_URL: googleUrl,
      GOOGLE_CLIENT_ID: google.control.state.clientId,
      GOOGLE_CLIENT_SECRET: google.control.state.clientSecret,
      PLAID_BASE_URL: plaidUrl,
      PLAID_CLIENT_ID: "sample-client",
      PLAID_SECRET: "sample-secret",
      PLAID_LINK_SCRIPT_URL: `${plaidUrl}/link/v2/stable/link-initialize.js`,
      OPEN_METEO_BASE_URL: weatherUrl,
      OPEN_METEO_GEOCODING_URL: weatherUrl,
      OSRM_BASE_URL: `${waysUrl}/routed-{profile}`,
      WEB_SEARCH_PROVIDER: "searxng",
      SEARXNG_BASE_URL: searchUrl,
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
