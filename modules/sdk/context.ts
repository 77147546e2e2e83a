/**
 * What an operation gets as its first argument. Nothing else of the outside world is in reach of a module.
 * `Ctx<"api" | "images">` names the connections of the manifest, so that a wrong name is a type error.
 */
export interface Ctx<ConnectionName extends string = string> {
  /** One entry for each connection of the manifest. */
  readonly http: Readonly<Record<ConnectionName, Connection>>;
  /** The instant of this call, ISO 8601 in UTC. */
  readonly now: string;
  /** Settings of the module. Never a secret: the host adds credentials to requests itself. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Notes for whoever looks at the call later. `data` becomes JSON. */
  readonly log: Readonly<Record<LogLevel, (message: string, data?: unknown) => void>>;
  /** A new random id. In tests the ids repeat from run to run. */
  uuid(): string;
  readonly time: {
    /** The UTC instant of a local time: `parseLocal("2026-03-08T14:30", "America/New_York")`. */
    parseLocal(text: string, zone: string): string;
    /** An instant as local time with offset, for example `2026-03-08T14:30:00-04:00`. */
    format(instant: string, zone: string): string;
  };
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Connection {
  /**
   * Sends one request below the connection's base address. Throws when it could not be made (refused, timed out);
   * an HTTP error status is a normal response: look at `ok` and `status`.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  /** GET when left out. Only methods of the manifest are allowed. */
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with `/`, relative to the base address. Encode variable parts with encodeURIComponent. */
  path: string;
  /** Encoded by the host. An entry of undefined is left out, an array is repeated. */
  query?: Record<string, string | number | boolean | (string | number | boolean)[] | undefined>;
  headers?: Record<string, string>;
  /** At most one of the three. */
  json?: unknown;
  text?: string;
  form?: Record<string, string>;
}

export interface HttpResponse {
  readonly status: number;
  /** True for 200 to 299. */
  readonly ok: boolean;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; throws when it is not. Numbers beyond 2^53 lose digits: take `text()` then. */
  json<T = unknown>(): T;
  text(): string;
}
