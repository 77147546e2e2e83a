import type { RequestListener } from "node:http";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { ConnectionAuth } from "@/lib/contracts/module";
import type { SandboxRequest } from "@/lib/contracts/sandbox";
import { buildUrl } from "./build-url";
import { type ConnectionCall, sendConnectionRequest } from "./connection-request";
import { createRedactor } from "./redact";
import { startTestServer, type TestServer } from "./testing";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answer: RequestListener): Promise<TestServer> {
  const server = await startTestServer(answer);
  servers.push(server);
  return server;
}

const echo: RequestListener = (request, response) => {
  response.writeHead(200, { "content-type": "application/json", "x-internal": "hidden", "X-RateLimit-Remaining": "4" });
  response.end(JSON.stringify({ url: request.url, headers: request.headers }));
};

const secret = 'pl/anted "s€cret"+key'.replace("€", "e");

interface Given {
  auth?: ConnectionAuth;
  request?: Partial<SandboxRequest>;
  credentials?: Record<string, string>;
  methods?: ConnectionCall["connection"]["methods"];
  more?: Partial<ConnectionCall>;
}

let scopes = 0;
function send(server: TestServer, { auth = { kind: "none" }, request, credentials = {}, methods, more }: Given = {}) {
  return sendConnectionRequest({
    connection: { baseUrl: `${server.origin}/api/v1/`, auth, methods: methods ?? ["GET", "POST"] },
    request: { method: "GET", path: "/things", ...request },
    credentials,
    tokenScope: `test-${scopes++}`,
    allow: [server.host],
    ...more,
  });
}

const apiKey: ConnectionAuth = {
  kind: "api_key",
  in: "header",
  name: "X-Thing-Auth",
  credential: "key",
  prefix: "Key ",
};

describe("a module's request", () => {
  it("goes below the base address and is recorded without its query", async () => {
    const server = await serve(echo);
    const { response, record } = await send(server, { request: { query: { a: ["1", 2], q: "x y&z" } } });
    expect(server.requests[0]?.url).toBe("/api/v1/things?a=1&a=2&q=x+y%26z");
    expect(response).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json", "x-ratelimit-remaining": "4" },
    });
    expect("headers" in response && response.headers).not.toHaveProperty("x-internal");
    expect(record).toEqual({
      host: server.host,
      method: "GET",
      path: "/api/v1/things",
      status: 200,
      durationMs: expect.any(Number),
    });
  });

  it("sends JSON, form and text with their content types, and the module's own type where it gives one", async () => {
    const server = await serve(echo);
    const post = (request: Partial<SandboxRequest>) => send(server, { request: { method: "POST", ...request } });
    await post({ json: { a: 1 } });
    await post({ form: { a: "b c" } });
    await post({ text: "hi" });
    await post({ json: {}, headers: { "Content-Type": "application/vnd.api+json" } });
    expect(server.requests.map(({ body, headers }) => [headers["content-type"], body])).toEqual([
      ["application/json", '{"a":1}'],
      ["application/x-www-form-urlencoded", "a=b+c"],
      ["text/plain; charset=utf-8", "hi"],
      ["application/vnd.api+json", "{}"],
    ]);
  });

  it.each([
    ["an undeclared method", { method: "DELETE" }],
    ["a method that is none", { method: "GET / HTTP/1.1\r\n" }],
    ["a GET with a body", { json: {} }],
    ["a relative path", { path: "things" }],
    ["another host", { path: "//evil.example/x" }],
    ["a full address", { path: "https://evil.example/" }],
    ["dot segments", { path: "/../admin" }],
    ["encoded dot segments", { path: "/%2e%2e/admin" }],
    ["an encoded slash", { path: "/a%2Fb" }],
    ["an encoded backslash", { path: "/a%5cb" }],
    ["a backslash", { path: "/\\evil.example" }],
    ["a query in the path", { path: "/a?b=c" }],
    ["a fragment", { path: "/a#b" }],
    ["a line break", { path: "/a\r\nX: y" }],
    ["a tab", { path: "/\t/evil.example" }],
    ["a bare percent sign", { path: "/100%" }],
    ["an at sign before a host", { path: "@evil.example/" }],
    ["a Host header", { headers: { Host: "evil.example" } }],
    ["an Authorization header", { headers: { AUTHORIZATION: "Bearer x" } }],
    ["a Cookie header", { headers: { cookie: "a=b" } }],
    ["a proxy header", { headers: { "Proxy-Authorization": "x" } }],
    ["a forwarded header", { headers: { "X-Forwarded-For": "127.0.0.1" } }],
    ["a header that looks like a key", { headers: { "X-Api-Key": "x" } }],
    ["a header that looks like a token", { headers: { "X-Auth-Token": "x" } }],
    ["a header with a line break", { headers: { "X-A": "b\r\nc: d" } }],
    ["a header name with a space", { headers: { "X A": "b" } }],
    ["framing headers", { headers: { "Transfer-Encoding": "chunked" } }],
    ["too many headers", { headers: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`x-${n}`, "y"])) }],
  ] as [string, Partial<SandboxRequest>][])("is refused with %s, before anything is sent", async (_name, request) => {
    const server = await serve(echo);
    const { response, record } = await send(server, { request });
    expect(response).toMatchObject({ error: { code: "refused" } });
    expect(record.blocked).toMatch(/./);
    expect(record.status).toBeUndefined();
    expect(server.requests).toEqual([]);
  });

  it("may carry an idempotency key, which is no credential", async () => {
    const server = await serve(echo);
    await send(server, { request: { method: "POST", headers: { "Idempotency-Key": "1" } } });
    expect(server.requests[0]?.headers["idempotency-key"]).toBe("1");
  });

  it("carries the key that Burgeon sets, whatever the module wrote in its place", async () => {
    const server = await serve(echo);
    const { response } = await send(server, {
      request: { method: "POST", headers: { "Idempotency-Key": "mine" }, json: {} },
      more: { hostHeaders: { "idempotency-key": "ours" } },
    });
    expect(JSON.parse("body" in response ? response.body : "").headers["idempotency-key"]).toBe("ours");
  });

  it("needs https unless the address was excepted", async () => {
    const base = { auth: { kind: "none" }, methods: ["GET"] } as const;
    const call = (baseUrl: string, allow: string[]) =>
      sendConnectionRequest({
        connection: { ...base, methods: ["GET"], baseUrl },
        request: { method: "GET", path: "/" },
        credentials: {},
        tokenScope: "https",
        allow,
        resolve: async () => ["127.0.0.1"],
      });
    expect((await call("http://api.example.com", [])).response).toMatchObject({
      error: { code: "refused", message: expect.stringContaining("https") },
    });
    expect((await call("https://api.example.com", [])).response).toMatchObject({ error: { code: "blocked" } });
    expect((await call("http://127.0.0.1:9", [])).record.blocked).toMatch(/https/);
  });

  it("follows a read's redirect below the base address, with the credential, and no other", async () => {
    const other = await serve(echo);
    const server = await serve((request, response) => {
      const goals: Record<string, string> = {
        "/api/v1/moved": "/api/v1/things/",
        "/api/v1/out": "/admin",
        "/api/v1/away": `${other.origin}/api/v1/things`,
        "/api/v1/loop": "/api/v1/loop",
      };
      const location = goals[request.url ?? ""];
      if (location) response.writeHead(301, { location }).end();
      else echo(request, response);
    });
    const given = { auth: apiKey, credentials: { key: secret } };
    const moved = await send(server, { ...given, request: { path: "/moved" } });
    expect(moved.response).toMatchObject({ status: 200 });
    expect(server.requests[1]?.headers["x-thing-auth"]).toBe(`Key ${secret}`);
    for (const path of ["/out", "/away"])
      expect((await send(server, { ...given, request: { path } })).response).toMatchObject({
        error: { code: "refused" },
      });
    const post = await send(server, { ...given, request: { method: "POST", path: "/moved" } });
    expect(post.response).toMatchObject({ error: { code: "refused" } });
    // It was sent, and what it asked for may be done.
    expect(post.record).toMatchObject({ status: 301, blocked: expect.stringContaining("redirected") });
    expect((await send(server, { ...given, request: { path: "/loop" } })).response).toMatchObject({
      error: { code: "too_many_redirects" },
    });
    expect(other.requests).toEqual([]);
  });

  it("turns every failure into a value", async () => {
    const server = await serve((_request, response) => response.end("x".repeat(2000)));
    const small = await send(server, { more: { maxResponseChars: 1000 } });
    expect(small.response).toMatchObject({ error: { code: "too_large" } });
    const hanging = await serve(() => undefined);
    const slow = await send(hanging, { more: { timeoutMs: 100 } });
    expect(slow.response).toMatchObject({ error: { code: "timeout" } });
  });
});

describe("a credential", () => {
  it.each([
    ["an API key in a header", apiKey, { key: secret }, "x-thing-auth", `Key ${secret}`],
    ["a bearer token", { kind: "bearer", credential: "key" }, { key: secret }, "authorization", `Bearer ${secret}`],
    [
      "basic auth",
      { kind: "basic", username: "user", password: "key" },
      { user: "ada", key: secret },
      "authorization",
      `Basic ${Buffer.from(`ada:${secret}`).toString("base64")}`,
    ],
  ] as [string, ConnectionAuth, Record<string, string>, string, string][])(
    "as %s is added outside and removed from what comes back",
    async (_name, auth, credentials, header, value) => {
      const server = await serve(echo);
      const { response } = await send(server, { auth, credentials });
      expect(server.requests[0]?.headers[header]).toBe(value);
      const shown = JSON.stringify(response);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(`ada:${secret}`).toString("base64")])
        expect(shown).not.toContain(form);
      expect(shown).toContain("[redacted]");
    },
  );

  it("as an API key in the query is added outside, wins over the module's own, and is in no record", async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { link: `<https://x.example${request.url}&page=2>; rel="next"` }).end(request.url);
    });
    const auth: ConnectionAuth = { kind: "api_key", in: "query", name: "api_key", credential: "key" };
    const given = { auth, credentials: { key: secret }, request: { query: { api_key: "mine", a: "b" } } };
    const { response, record } = await send(server, given);
    const asked = new URL(server.requests[0]?.url ?? "", server.origin);
    expect(asked.searchParams.getAll("api_key")).toEqual([secret]);
    expect(JSON.stringify([response, record])).not.toContain(new URLSearchParams({ s: secret }).toString().slice(2));
    expect(JSON.stringify(record)).not.toContain("a=b");
  });

  it("that is missing or cannot be sent is named, never shown", async () => {
    const server = await serve(echo);
    const missing = await send(server, { auth: apiKey });
    expect(missing.response).toMatchObject({ error: { message: expect.stringContaining('"key" is not set') } });
    const broken = await send(server, { auth: apiKey, credentials: { key: "planted\r\nX: y" } });
    expect(JSON.stringify(broken)).toContain("cannot be sent");
    expect(JSON.stringify(broken)).not.toContain("planted");
    expect(server.requests).toEqual([]);
  });

  it("cannot be overridden by the module, and cannot frame the message", async () => {
    const server = await serve(echo);
    const own = await send(server, {
      auth: apiKey,
      credentials: { key: secret },
      request: { headers: { "x-thing-auth": "mine" } },
    });
    expect(own.response).toMatchObject({ error: { code: "refused" } });
    const framing = await send(server, { auth: { ...apiKey, name: "Content-Length" }, credentials: { key: secret } });
    expect(framing.response).toMatchObject({ error: { code: "refused" } });
    expect(server.requests).toEqual([]);
  });
});

describe("OAuth client credentials", () => {
  interface Api {
    server: TestServer;
    tokens: number;
    accepts(token: string): boolean;
  }

  async function serveApi(expiresIn: number | undefined = 3600): Promise<Api> {
    const api: Api = { server: undefined as never, tokens: 0, accepts: () => true };
    api.server = await serve((request, response) => {
      if (request.url === "/token") {
        api.tokens++;
        const reply = { access_token: `granted-token-${api.tokens}`, token_type: "Bearer", expires_in: expiresIn };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
        return;
      }
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      response.writeHead(api.accepts(token) ? 200 : 401).end(`you sent ${token}`);
    });
    return api;
  }

  const credentials = { id: "my client", secret: "client/secret+1" };
  const authOf = ({ server }: Api): ConnectionAuth => ({
    kind: "oauth2_client_credentials",
    tokenUrl: `${server.origin}/token`,
    clientId: "id",
    clientSecret: "secret",
    scope: "read",
  });

  it("asks for one token for many concurrent requests, keeps it, and shows it to nobody", async () => {
    const api = await serveApi();
    const given = { auth: authOf(api), credentials, more: { tokenScope: "shared" } };
    const replies = await Promise.all(Array.from({ length: 10 }, () => send(api.server, given)));
    expect(api.tokens).toBe(1);
    expect(JSON.stringify(replies)).not.toContain("granted-token");
    await send(api.server, given);
    expect(api.tokens).toBe(1);
    const asked = api.server.requests.find(({ url }) => url === "/token");
    expect(asked?.body).toBe("grant_type=client_credentials&scope=read");
    const pair = Buffer.from(asked?.headers.authorization?.replace("Basic ", "") ?? "", "base64").toString();
    expect(pair).toBe("my+client:client%2Fsecret%2B1");
  });

  it("keeps the tokens of different people, and of a changed secret, apart", async () => {
    const api = await serveApi();
    const auth = authOf(api);
    await send(api.server, { auth, credentials, more: { tokenScope: "ada" } });
    await send(api.server, { auth, credentials, more: { tokenScope: "bob" } });
    await send(api.server, {
      auth,
      credentials: { ...credentials, secret: "new-secret" },
      more: { tokenScope: "bob" },
    });
    expect(api.tokens).toBe(3);
  });

  it("renews a refused token once, and gives the refusal to the module when that does not help", async () => {
    const api = await serveApi();
    const given = { auth: authOf(api), credentials, more: { tokenScope: "renewed" } };
    await send(api.server, given);
    api.accepts = (token) => token !== "granted-token-1";
    expect((await send(api.server, given)).response).toMatchObject({ status: 200 });
    expect(api.tokens).toBe(2);
    api.accepts = () => false;
    expect((await send(api.server, given)).response).toMatchObject({ status: 401 });
    expect(api.tokens).toBe(3);
  });

  it("says which host gave no token, without what was sent to it", async () => {
    const server = await serve((_request, response) => response.writeHead(400).end('{"error":"invalid_client"}'));
    const auth = authOf({ server } as Api);
    const { response } = await send(server, { auth, credentials });
    expect(response).toMatchObject({ error: { code: "network", message: expect.stringContaining("status 400") } });
    expect(JSON.stringify(response)).not.toContain("client/secret");
  });

  it("sends the secret over https only", async () => {
    const api = await serveApi();
    const { response } = await send(api.server, {
      auth: { ...authOf(api), tokenUrl: "http://tokens.example.com/" } as ConnectionAuth,
      credentials,
    });
    expect(response).toMatchObject({ error: { code: "refused" } });
  });
});

describe("the laws behind it", () => {
  it("builds no address outside of the base, whatever the path", () => {
    const base = "https://api.example.com/v1";
    const path = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `/${text}`),
      fc
        .array(
          fc.constantFrom("/", ".", "..", "%2e", "\\", "@", "//", "a", ":", "%25", ";", "?", "#", "\t", "evil.example"),
        )
        .map((parts) => `/${parts.join("")}`),
    );
    fc.assert(
      fc.property(path, (text) => {
        let url: URL;
        try {
          url = buildUrl(base, { path: text });
        } catch {
          return;
        }
        expect(url.origin).toBe("https://api.example.com");
        expect(url.pathname.startsWith("/v1/")).toBe(true);
        expect(url.search + url.hash + url.username).toBe("");
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves no form of a secret in a text, and every other text as it is", () => {
    const secrets = fc
      .string({ unit: "binary", minLength: 4, maxLength: 40 })
      .filter((text) => text.isWellFormed() && !"[redacted]".includes(text));
    fc.assert(
      fc.property(secrets, fc.string(), (planted, around) => {
        const redact = createRedactor([planted]);
        const forms = [
          planted,
          encodeURIComponent(planted),
          JSON.stringify(planted).slice(1, -1),
          Buffer.from(planted).toString("base64"),
        ];
        for (const form of forms) expect(redact(`<<${form}>>`)).toBe("<<[redacted]>>");
        if (!redact(around).includes("[redacted]")) expect(redact(around)).toBe(around);
      }),
      { numRuns: 500 },
    );
  });
});
