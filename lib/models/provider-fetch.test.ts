import { describe, expect, it } from "vitest";
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
});
