/** What a sample service can do wrong once. */
export type Fault = "rate-limited" | "unavailable" | "malformed" | "wrong-type" | "slow";

export interface Faults {
  /** The next requests go wrong in this way, one each. */
  plan(...faults: Fault[]): void;
  /** What has been asked, oldest first: method and path with query. */
  readonly asked: string[];
  /** The faulty answer when one is planned. A slow one comes after `slowMs`, and is right otherwise: null. */
  meet(request: Request): Promise<Response | null>;
}

/** Faults to order, for the sample services of open data. */
export function createFaults(slowMs = 2_000): Faults {
  const planned: Fault[] = [];
  const asked: string[] = [];
  return {
    asked,
    plan: (...faults) => planned.push(...faults),
    async meet(request) {
      const { pathname, search } = new URL(request.url);
      asked.push(`${request.method} ${pathname}${search}`);
      const fault = planned.shift();
      if (fault === "rate-limited") return new Response("Slow down", { status: 429, headers: { "retry-after": "30" } });
      if (fault === "unavailable") return new Response("<h1>Bad gateway</h1>", { status: 502 });
      if (fault === "malformed") return new Response('{"results": [', { status: 200 });
      if (fault === "wrong-type")
        return Response.json({ results: 7, current: "warm", routes: {}, organic: "none", web: 1 });
      if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, slowMs));
      return null;
    },
  };
}
