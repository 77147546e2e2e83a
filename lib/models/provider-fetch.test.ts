import { AsyncResource } from "node:async_hooks";
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { holdRequests } from "./hold-requests";
import { createProviderFetch, isAllowedLocalAddress } from "./provider-fetch";

describe("requests to a model's provider", () => {
  it.each(["127.0.0.1", "::1", "192.168.1.20", "10.0.0.5", "100.64.0.7", "fd12::1", "8.8.8.8", "::ffff:192.168.1.20"])(
    "may go to %s when the one who runs Burgeon says so",
    (address) => {
      expect(isAllowedLocalAddress(address)).toBe(true);
    },
  );

  it.each([
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "fe80::1",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "100.100.100.200",
    "fd00:ec2::254",
    "168.63.129.16",
    "nonsense",
  ])("never go to %s", (address) => {
    expect(isAllowedLocalAddress(address)).toBe(false);
  });

  it.each([
    ["http://127.0.0.1:9/v1/chat", "http://127.0.0.1:9/v1", false],
    ["http://[::1]:9/v1/chat", "http://[::1]:9/v1", false],
    ["http://169.254.169.254/v1/chat", "http://169.254.169.254/v1", true],
    ["http://[fe80::1]/v1/chat", "http://[fe80::1]/v1", true],
    ["http://other.example/v1/chat", "http://127.0.0.1:9/v1", true],
    ["http://127.0.0.1:10/v1/chat", "http://127.0.0.1:9/v1", true],
  ])("refuse %s for a provider at %s (local allowed: %s)", async (url, baseUrl, mayBeLocal) => {
    const send = createProviderFetch({ baseUrl, title: "Model", mayBeLocal });
    await expect(send(url, { method: "POST", body: "{}" })).rejects.toMatchObject({ code: "refused" });
  });

  it("refuse a name that leads inside, for those who may not go there", async () => {
    const send = createProviderFetch({ baseUrl: "http://localhost:9/v1", title: "Model", mayBeLocal: false });
    await expect(send("http://localhost:9/v1/chat")).rejects.toMatchObject({ code: "refused" });
  });

  describe("that are held", () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url);
      response.end("{}");
    });
    let send: ReturnType<typeof createProviderFetch>;
    let baseUrl: string;
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
      send = createProviderFetch({ baseUrl, title: "Model", mayBeLocal: true });
    });
    afterAll(() => server.close());
    beforeEach(() => void seen.splice(0));

    it("leave when what they wait for is there, and others meanwhile", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const held = holdRequests(
        () => promise,
        () => send(`${baseUrl}/held`),
      );
      await send(`${baseUrl}/free`);
      expect(seen).toEqual(["/free"]);
      resolve();
      expect((await held).status).toBe(200);
      expect(seen).toEqual(["/free", "/held"]);
    });

    it("are let go of when the call is over, by whatever it has made and left open", async () => {
      let asked = 0;
      const isReady = async () => void asked++;
      const later = await holdRequests(isReady, async () => {
        await send(`${baseUrl}/held`);
        return AsyncResource.bind(() => send(`${baseUrl}/later`));
      });
      await later();
      expect([seen, asked]).toEqual([["/held", "/later"], 1]);
    });

    it("never leave when it fails or the caller stops meanwhile", async () => {
      const lost = new Error("the claim is lost");
      const failing = holdRequests(
        () => Promise.reject(lost),
        () => send(`${baseUrl}/held`),
      );
      await expect(failing).rejects.toBe(lost);
      const stop = new AbortController();
      const stopped = holdRequests(
        async () => stop.abort(lost),
        () => send(`${baseUrl}/held`, { signal: stop.signal }),
      );
      await expect(stopped).rejects.toBe(lost);
      await send(`${baseUrl}/free`);
      expect(seen).toEqual(["/free"]);
    });
  });
});
