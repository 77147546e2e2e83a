import { setTimeout as pause } from "node:timers/promises";
import { Configuration, PlaidApi, PlaidEnvironments } from "plaid";
import { AppError } from "../../contracts/errors";
import { env } from "../../env";
import { PlaidProblem, readProblem, toAppError } from "./problem";

export interface PlaidConfiguration {
  /** Undefined: not set up. */
  clientId: string | undefined;
  secret: string | undefined;
  baseUrl: string;
  countryCodes: readonly string[];
  redirectUri: string | undefined;
  /** For one request, its answer included. */
  timeoutMs: number;
  /** Before the second try; the third waits twice as long. A Retry-After goes first. */
  retryPauseMs: number;
}

export interface PlaidClient {
  configuration(): PlaidConfiguration;
  /**
   * One request to Plaid, tried up to three times where that helps.
   * @param isRepeatable false: what was sent is not sent again when no answer came, because it may have been done
   * @throws AppError as in `problem.ts`; the reason of `signal` when that was aborted
   */
  call<T extends object>(
    operation: (api: PlaidApi, options: { signal: AbortSignal }) => Promise<{ data: T }>,
    options: { signal: AbortSignal; isRepeatable?: boolean },
  ): Promise<T>;
}

const maxTries = 3;
/** A Retry-After that is longer is left to whoever runs the work: nothing sleeps that long here. */
const longestPauseMs = 10_000;
/** A page of 500 transactions is about 1 MB. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** The only door to Plaid. `read` is asked anew for each request. */
export function createPlaidClient(read: () => PlaidConfiguration = configurationFromEnv): PlaidClient {
  return {
    configuration: read,
    async call(operation, { signal, isRepeatable = true }) {
      const configuration = read();
      const api = createApi(configuration);
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          const limited = AbortSignal.any([signal, AbortSignal.timeout(configuration.timeoutMs)]);
          return checkAnswer((await operation(api, { signal: limited })).data);
        } catch (error) {
          signal.throwIfAborted();
          const problem = error instanceof PlaidProblem ? error : readProblem(error, new Date());
          const pauseMs =
            problem.retryAfterMs ?? configuration.retryPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
          const isWorthIt = problem.isTransient && (isRepeatable || problem.httpStatus === 429);
          if (!isWorthIt || attempt === maxTries || pauseMs > longestPauseMs) throw toAppError(problem);
          await pause(pauseMs, undefined, { signal });
        }
      }
    },
  };
}

function createApi(configuration: PlaidConfiguration): PlaidApi {
  const { clientId, secret } = configuration;
  if (!clientId || !secret)
    throw new AppError("refused", "Banks cannot be connected: this installation has no keys for Plaid.", {
      hint: "Set PLAID_CLIENT_ID and PLAID_SECRET.",
    });
  return new PlaidApi(
    new Configuration({
      basePath: configuration.baseUrl,
      baseOptions: {
        headers: { "PLAID-CLIENT-ID": clientId, "PLAID-SECRET": secret },
        maxRedirects: 0,
        maxContentLength: maxAnswerBytes,
      },
    }),
  );
}

/** A gateway's page with status 200 is no answer of Plaid's. */
function checkAnswer<T extends object>(data: T): T {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  throw new PlaidProblem({ errorType: "UNKNOWN", errorCode: "NOT_JSON", httpStatus: 502 });
}

function configurationFromEnv(): PlaidConfiguration {
  const { PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV, PLAID_BASE_URL, PLAID_COUNTRY_CODES, PLAID_REDIRECT_URI } = env();
  return {
    clientId: PLAID_CLIENT_ID,
    secret: PLAID_SECRET,
    baseUrl: PLAID_BASE_URL ?? PlaidEnvironments[PLAID_ENV] ?? "https://sandbox.plaid.com",
    countryCodes: PLAID_COUNTRY_CODES,
    redirectUri: PLAID_REDIRECT_URI,
    timeoutMs: 30_000,
    retryPauseMs: 400,
  };
}
