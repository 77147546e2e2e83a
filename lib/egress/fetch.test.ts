import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { RequestListener } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EgressError, type EgressOptions, vettedFetch } from "./fetch";
import { startTestServer, type TestServer } from "./testing";

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answer: RequestListener, address?: string): Promise<TestServer> {
  const server = await startTestServer(answer, address);
  servers.push(server);
  return server;
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

async function failure(work: Promise<unknown>): Promise<EgressError> {
  const error = await work.then(
    () => new Error("it was sent"),
    (cause: unknown) => cause,
  );
  if (!(error instanceof EgressError)) throw error;
  return error;
}

describe("vettedFetch", () => {
  it("brings status, headers and body of an excepted address", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(201, { "X-Thing": ["a", "b"], "content-type": "text/plain" }).end("hello");
    });
    const url = `${server.origin}/a?b=c`;
    const reply = await vettedFetch(url, { method: "post", body: "in", headers: { A: "1" }, allow: [server.host] });
    expect(reply).toMatchObject({ status: 201, url, hops: [url], headers: { "x-thing": "a, b" } });
    expect(text(reply.body)).toBe("hello");
    expect(server.requests).toMatchObject([{ method: "POST", url: "/a?b=c", body: "in", headers: { a: "1" } }]);
  });

  it.each(["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "localhost"])(
    "connects to no %s that was not excepted",
    async (host) => {
      const server = await serve((_request, response) => response.end("secret"));
      const error = await failure(vettedFetch(`http://${host}:${server.port}/`, { allow: [] }));
      expect(error.failure).toBe("blocked");
      expect(server.requests).toEqual([]);
    },
  );

  it("connects to the address that was vetted, although the name answers differently the next time", async () => {
    const real = await serve((_request, response) => response.end("vetted"), "127.0.0.2");
    // Same port on the other address: where a second lookup would lead.
    const answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]];
    const resolve = vi.fn(async () => answers.shift() ?? []);
    const name = `rebinding.example:${real.port}`;
    const reply = await vettedFetch(`http://${name}/`, { allow: [name], resolve });
    expect(text(reply.body)).toBe("vetted");
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(real.requests[0]?.headers.host).toBe(name);
  });

  it("vets the name anew for every hop, so that a rebound one is refused", async () => {
    const inner = await serve((_request, response) => response.end("secret"));
    const outer = await serve((_request, response) => {
      response.writeHead(302, { location: "http://rebinding.example/" }).end();
    });
    const allow = [`start.example:${outer.port}`];
    const answers = new Map([
      ["start.example", ["127.0.0.1"]],
      ["rebinding.example", ["127.0.0.1"]],
    ]);
    const resolve = async (host: string) => answers.get(host) ?? [];
    const error = await failure(vettedFetch(`http://start.example:${outer.port}/`, { allow, resolve }));
    expect(error).toMatchObject({ failure: "blocked", message: expect.stringContaining("rebinding.example") });
    expect(inner.requests).toEqual([]);
  });

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://metadata.google.internal/",
    "file:///etc/passwd",
    "//10.0.0.1/",
    "http://user:pw@example.com/",
    "http://:::/",
  ])("does not follow a redirect to %s", async (location) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    const error = await failure(
      vettedFetch(server.origin, { allow: [server.host], resolve: async () => ["127.0.0.1"] }),
    );
    expect(error.failure).toBe("blocked");
    expect(error.message).not.toContain("pw");
  });

  it("follows at most five redirects", async () => {
    const server = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const options = { allow: [server.host] };
    const reply = await vettedFetch(`${server.origin}/5`, options);
    expect(reply.hops).toHaveLength(6);
    expect(reply.url).toBe(`${server.origin}/0`);
    expect(await failure(vettedFetch(`${server.origin}/6`, options))).toMatchObject({ failure: "too_many_redirects" });
  });

  it("drops credentials when the origin changes, and only then", async () => {
    const other = await serve((_request, response) => response.end("end"));
    const server = await serve((request, response) => {
      response.writeHead(302, { location: request.url === "/" ? "/same" : `${other.origin}/other` }).end();
    });
    const headers = { Authorization: "Bearer s", Cookie: "s", "X-My-Key": "s", Accept: "text/plain" };
    const allow = [server.host, other.host];
    await vettedFetch(server.origin, { headers, allow, credentialHeaders: ["x-my-key"] });
    expect(server.requests[1]?.headers).toMatchObject({ authorization: "Bearer s", cookie: "s", "x-my-key": "s" });
    const seen = other.requests[0]?.headers ?? {};
    expect(seen.accept).toBe("text/plain");
    for (const name of ["authorization", "cookie", "x-my-key"]) expect(seen).not.toHaveProperty(name);
  });

  it("turns a redirected POST into a GET without body, and carries a body to no other origin", async () => {
    const other = await serve((_request, response) => response.end());
    const server = await serve((request, response) => {
      if (request.url === "/end") response.end("done");
      else if (request.url === "/away") response.writeHead(307, { location: other.origin }).end();
      else response.writeHead(303, { location: "/end" }).end();
    });
    const options = {
      method: "POST",
      body: "secret",
      headers: { "content-type": "x/y" },
      allow: [server.host, other.host],
    };
    await vettedFetch(`${server.origin}/start`, options);
    expect(server.requests[1]).toMatchObject({ method: "GET", body: "" });
    expect(server.requests[1]?.headers).not.toHaveProperty("content-type");
    expect(await failure(vettedFetch(`${server.origin}/away`, options))).toMatchObject({ failure: "blocked" });
    expect(other.requests).toEqual([]);
  });

  it("leaves redirects to the caller when asked to", async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: "http://[::1]/" }).end());
    const reply = await vettedFetch(server.origin, { allow: [server.host], redirect: "manual" });
    expect(reply).toMatchObject({ status: 302, headers: { location: "http://[::1]/" } });
  });

  const encoders = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, zstd: zstdCompressSync };
  it.each([...Object.entries(encoders), ["deflate", deflateRawSync] as const])(
    "limits what comes out of %s, not only what comes in",
    async (encoding, encode) => {
      const server = await serve((request, response) => {
        const size = request.url === "/bomb" ? 5_000_000 : 1000;
        response.writeHead(200, { "content-encoding": encoding }).end(encode(Buffer.alloc(size, "a")));
      });
      const options = { allow: [server.host], maxBytes: 100_000 };
      expect((await vettedFetch(server.origin, options)).body).toHaveLength(1000);
      expect(await failure(vettedFetch(`${server.origin}/bomb`, options))).toMatchObject({ failure: "too_large" });
    },
  );

  it("ends an endless body at the limit, and says so when a body is damaged", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/damaged") response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip");
      else if (request.url === "/odd") response.writeHead(200, { "content-encoding": "exi" }).end("x");
      else {
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on("drain", pour);
        pour();
      }
    });
    const options = { allow: [server.host], maxBytes: 1_000_000 };
    expect(await failure(vettedFetch(server.origin, options))).toMatchObject({ failure: "too_large" });
    expect(await failure(vettedFetch(`${server.origin}/damaged`, options))).toMatchObject({ failure: "network" });
    expect(await failure(vettedFetch(`${server.origin}/odd`, options))).toMatchObject({ failure: "network" });
  });

  it("ends at the time limit: before the headers, in the body, in the resolver", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/body") response.writeHead(200).write("x");
    });
    const options: EgressOptions = { allow: [server.host], timeoutMs: 150 };
    for (const path of ["/headers", "/body"])
      expect(await failure(vettedFetch(server.origin + path, options))).toMatchObject({ failure: "timeout" });
    const resolve = () => new Promise<string[]>(() => undefined);
    const slow = vettedFetch("https://slow.example.com/", { ...options, resolve });
    expect(await failure(slow)).toMatchObject({ failure: "timeout" });
  });

  it("stops when the caller stops, also when that was before it began", async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const options = { allow: [server.host], signal: stop.signal };
    expect(await failure(vettedFetch(server.origin, options))).toMatchObject({ failure: "aborted" });
    expect(await failure(vettedFetch(server.origin, options))).toMatchObject({ failure: "aborted" });
    expect(server.requests).toHaveLength(1);
  });

  it("names the host and nothing else of the request when it fails", async () => {
    const gone = await startTestServer((_request, response) => response.end());
    await gone.close();
    const url = `${gone.origin}/path?key=planted`;
    const error = await failure(vettedFetch(url, { allow: [gone.host], headers: { authorization: "planted" } }));
    expect(error.failure).toBe("network");
    expect(error.message).toBe(`${gone.host} could not be reached`);
    const injected = vettedFetch(gone.origin, { allow: [gone.host], headers: { a: "x\r\nplanted: 1" } });
    expect(await failure(injected)).toMatchObject({
      failure: "blocked",
      message: expect.not.stringContaining("planted"),
    });
    expect(await failure(vettedFetch("not an address"))).toMatchObject({ failure: "blocked" });
  });
});
