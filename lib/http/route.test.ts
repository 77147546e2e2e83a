import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createToken } from "@/lib/auth/tokens";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { execute } from "@/lib/db/statement";
import { testDatabase, testUser } from "@/lib/db/testing";
import { endSession } from "@/lib/db/users";
import { asSystem } from "@/lib/contracts/viewer";
import { route } from "./route";
import { contentSecurityPolicy } from "./security-headers";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let token: string;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser("owner");
  ({ token } = await createToken(viewer, {
    name: "t",
    scopes: ["chat"],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  }));
});
afterAll(() => database.close());

const none = { params: Promise.resolve({}) };
const origin = "http://127.0.0.1:3000";
const handler = route(
  { auth: "viewer", scope: "chat", body: z.strictObject({ text: z.string().max(10) }) },
  async ({ viewer, body }) => Response.json({ userId: viewer.userId, text: body.text }),
);
const reader = route({ auth: "viewer", scope: "settings" }, async ({ viewer }) =>
  Response.json({ userId: viewer.userId }),
);
const post = (headers: Record<string, string>, body: string = JSON.stringify({ text: "hi" })) =>
  handler(
    new Request(`${origin}/api/x`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    }),
    none,
  );
const bearer = () => ({ authorization: `Bearer ${token}` });
async function cookie(userId = viewer.userId, sessionVersion = 1, sessionId = "s1"): Promise<string> {
  const value = await encode({
    token: { userId, sessionId, sessionVersion },
    secret: process.env.NEXTAUTH_SECRET ?? "",
  });
  return `burgeon.session=${value}`;
}
const codeOf = async (response: Response) => [response.status, (await response.json()).error.code];

describe("who asks", () => {
  it("is a token with the right, or nobody", async () => {
    const response = await post(bearer());
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await response.json()).toEqual({ userId: viewer.userId, text: "hi" });
    expect(await codeOf(await post({}))).toEqual([401, "auth-required"]);
    expect(await codeOf(await post({ authorization: "Bearer bgn_wrong" }))).toEqual([401, "auth-required"]);
    expect(await codeOf(await post({ authorization: "Basic x" }))).toEqual([401, "auth-required"]);
    const forbidden = await reader(new Request(`${origin}/api/x`, { headers: bearer() }), none);
    expect(await codeOf(forbidden)).toEqual([403, "forbidden"]);
  });

  it("is a session from our own page only, under any name of loopback", async () => {
    const session = { cookie: await cookie() };
    for (const own of [origin, "http://localhost:3000", "http://[::1]:3000"])
      expect((await post({ ...session, origin: own })).status).toBe(200);
    for (const foreign of ["http://evil.example", "http://127.0.0.1:4000", "https://127.0.0.1:3000", "null"])
      expect(await codeOf(await post({ ...session, origin: foreign }))).toEqual([403, "forbidden"]);
    expect(await codeOf(await post(session))).toEqual([403, "forbidden"]);
    expect(await codeOf(await post({ ...session, origin, "sec-fetch-site": "cross-site" }))).toEqual([
      403,
      "forbidden",
    ]);
    expect(await codeOf(await post({ ...session, origin: "http://evil.example", host: "evil.example" }))).toEqual([
      403,
      "forbidden",
    ]);
  });

  it("is nobody with a cookie that was ended, is of an older version, or was forged", async () => {
    const read = async (value: string) =>
      (await reader(new Request(`${origin}/api/x`, { headers: { cookie: value } }), none)).status;
    expect(await read(await cookie())).toBe(200);
    expect(await read(await cookie(viewer.userId, 0))).toBe(401);
    expect(await read(await cookie("user_unknown"))).toBe(401);
    expect(await read("burgeon.session=forged")).toBe(401);
    await endSession(asSystem("test"), viewer.userId, "gone");
    expect(await read(await cookie(viewer.userId, 1, "gone"))).toBe(401);
  });

  it("may change nothing with the role viewer", async () => {
    const looker = await testUser("viewer");
    const session = { cookie: await cookie(looker.userId) };
    expect(await codeOf(await post({ ...session, origin }))).toEqual([403, "forbidden"]);
    expect((await reader(new Request(`${origin}/api/x`, { headers: session }), none)).status).toBe(200);
  });
});

describe("bad input", () => {
  it.each([
    ["no JSON", "{", "application/json"],
    ["another type", "text=hi", "application/x-www-form-urlencoded"],
    ["a wrong shape", `{"text":1}`, "application/json"],
    ["an unknown field", `{"text":"a","role":"owner"}`, "application/json"],
    ["too deep", `{"text":${"[".repeat(100)}${"]".repeat(100)}}`, "application/json"],
    ["too large", `{"text":"${"x".repeat(3_000_000)}"}`, "application/json"],
  ])("is a clear error: %s", async (_name, body, type) => {
    const response = await post({ ...bearer(), "content-type": type }, body);
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toEqual({ code: "invalid", message: expect.stringMatching(/body/i) });
  });

  it("may be larger where a route takes files, up to its own limit", async () => {
    const upload = route(
      { auth: "viewer", scope: "chat", body: z.strictObject({ text: z.string() }), maxBodyBytes: 4 * 1024 * 1024 },
      async ({ body }) => Response.json({ length: body.text.length }),
    );
    const send = (length: number) =>
      upload(
        new Request(`${origin}/api/x`, {
          method: "POST",
          body: JSON.stringify({ text: "x".repeat(length) }),
          headers: { "content-type": "application/json", ...bearer() },
        }),
        none,
      );
    expect(await (await send(3_000_000)).json()).toEqual({ length: 3_000_000 });
    const { error } = await (await send(4_300_000)).json();
    expect(error).toEqual({ code: "invalid", message: "The body is larger than 4 MB." });
  });
});

describe("every answer", () => {
  const answering = (respond: () => Promise<Response>) =>
    route({ auth: "none" }, respond)(new Request(`${origin}/api/x`), none);

  it("carries the security headers, also a failure and one that has headers of its own", async () => {
    for (const respond of [
      async () => Response.json({}),
      async () => new Response("text", { headers: { "cache-control": "private", "x-frame-options": "ALLOWALL" } }),
      async () => Promise.reject(new Error("a bug")),
    ]) {
      const { headers } = await answering(respond);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });

  it("asks for https from then on where Burgeon is reached over https", async () => {
    vi.stubEnv("BURGEON_URL", "https://burgeon.example");
    // The environment is read anew for another database; nothing here asks it.
    vi.stubEnv("DATABASE_URL", `${database.url}?application_name=another`);
    const { headers } = await answering(async () => Response.json({}));
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  });
});

describe("failures", () => {
  const failing = (cause: unknown) =>
    route({ auth: "none" }, async () => {
      throw cause;
    })(new Request(`${origin}/api/x`), none);

  it("that are known keep their words, and tell when to try again", async () => {
    const response = await failing(new AppError("rate-limited", "Too many.", { hint: "Wait.", retryAfterMs: 1500 }));
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await response.json()).toEqual({ error: { code: "rate-limited", message: "Too many.", hint: "Wait." } });
  });

  it("that are bugs show nothing of themselves", async () => {
    const response = await failing(new Error("password=hunter2"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("hunter2");
  });

  it("of the database say so, because it will pass", async () => {
    const ended = await execute({ name: "end-myself", text: "SELECT pg_terminate_backend(pg_backend_pid())" }).catch(
      (cause: unknown) => cause,
    );
    expect((await failing(ended)).status).toBe(503);
    // The same from anybody else is no outage of the database.
    expect((await failing(Object.assign(new Error("x"), { code: "57P01" }))).status).toBe(500);
    expect((await pool().query("select 1")).rowCount).toBe(1);
  });
});

it("the policy of pages allows scripts by nonce only and nothing from other hosts", () => {
  const policy = contentSecurityPolicy("abc", { isDevelopment: false, isSecure: true });
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  for (const rule of [
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
  ])
    expect(policy).toContain(rule);
});
