import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "@/lib/db/testing";
import { config } from "@/proxy";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

const methods = ["DELETE", "GET", "PATCH", "POST", "PUT"];
const routes = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("route.ts"))
  .map((name) => `/api/${name.replace("/route.ts", "")}`);
const isByProxy = (path: string) => config.matcher.some((pattern) => new RegExp(`^${pattern}$`).test(path));
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe("the security headers", () => {
  it("come from the proxy for every page and for sign-in, and for nothing else", () => {
    for (const path of ["/", "/chat", "/chat/conv_1", "/apis", "/api", "/api/auth/session", "/api/auth/signin/x"])
      expect([path, isByProxy(path)]).toEqual([path, true]);
    for (const path of ["/api/runs", "/api/nothing/at/all", "/_next/static/x.js", "/icon.svg"])
      expect([path, isByProxy(path)]).toEqual([path, false]);
  });

  it.each(routes.filter((path) => !isByProxy(path)))(
    "are on what %s answers, whatever that is",
    async (path) => {
      const exported: Record<string, unknown> = await import(`.${path.slice("/api".length)}/route.ts`);
      const handlers = Object.entries(exported).filter(([name]) => methods.includes(name));
      expect(handlers.length).toBeGreaterThan(0);
      for (const [method, handle] of handlers) {
        const request = new Request(`http://127.0.0.1:3000${path}`, { method });
        const { status, headers } = await (handle as Handler)(request, { params: Promise.resolve({}) });
        expect(status).toBeGreaterThanOrEqual(200);
        expect(Object.fromEntries(headers)).toMatchObject({
          "cache-control": expect.stringContaining("no-store"),
          "content-security-policy": expect.stringContaining("default-src 'none'"),
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-resource-policy": "same-origin",
          "permissions-policy": expect.stringContaining("camera=()"),
          "referrer-policy": "same-origin",
          "x-content-type-options": "nosniff",
          "x-frame-options": "DENY",
        });
      }
    },
    60_000,
  );
});
