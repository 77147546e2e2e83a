import { NextRequest } from "next/server";
import { describe, expect, it, vi } from "vitest";
import { proxy } from "@/proxy";

const headersOf = (path: string) => proxy(new NextRequest(`http://127.0.0.1:3000${path}`)).headers;
const directivesOf = (path: string) => {
  const policy = headersOf(path).get("content-security-policy") ?? "";
  return Object.fromEntries(policy.split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]));
};

function setUpPlaid(scriptUrl?: string): void {
  vi.stubEnv("PLAID_CLIENT_ID", "an-id");
  vi.stubEnv("PLAID_SECRET", "a-secret");
  if (scriptUrl) vi.stubEnv("PLAID_LINK_SCRIPT_URL", scriptUrl);
  // The environment is parsed once for each database.
  vi.stubEnv("DATABASE_URL", `postgresql://nobody@127.0.0.1/${Math.random()}`);
}

const bankPages = ["/connections", "/connections?connected=conn_1", "/money", "/money/import"];
const otherPages = [
  "/",
  "/chat",
  "/connections-of-others",
  "/calendar",
  "/modules/money/x",
  "/settings/models",
  "/sign-in",
];

describe("pages that open the dialog of a bank", () => {
  it("allow the hosts of the dialog, for scripts, frames and requests, and windows that it opens", () => {
    setUpPlaid();
    for (const path of bankPages) {
      const { "script-src": script, "connect-src": connect, "frame-src": frame } = directivesOf(path);
      expect(frame).toEqual(["https://cdn.plaid.com", "https://*.plaid.com"]);
      expect(connect).toEqual(["'self'", "https://cdn.plaid.com", "https://*.plaid.com"]);
      expect(script).toEqual(expect.arrayContaining(["'strict-dynamic'", "https://cdn.plaid.com"]));
      expect(headersOf(path).get("cross-origin-opener-policy")).toBe("same-origin-allow-popups");
    }
  });

  it("allow the host of the configured script instead of Plaid's", () => {
    setUpPlaid("http://127.0.0.1:4510/link/v2/stable/link-initialize.js");
    expect(directivesOf("/connections")).toMatchObject({
      "frame-src": ["http://127.0.0.1:4510"],
      "connect-src": ["'self'", "http://127.0.0.1:4510"],
    });
  });
});

describe("all other pages", () => {
  it.each(otherPages)("allow nothing from other hosts, and %s is one of them", (path) => {
    setUpPlaid();
    const directives = directivesOf(path);
    expect(directives).toMatchObject({ "default-src": ["'self'"], "connect-src": ["'self'"], "frame-src": ["'none'"] });
    expect(directives["script-src"]).toEqual(["'self'", expect.stringMatching(/^'nonce-.+'$/), "'strict-dynamic'"]);
    expect(JSON.stringify(directives)).not.toContain("plaid");
    expect(headersOf(path).get("cross-origin-opener-policy")).toBe("same-origin");
  });

  it("are those of the bank, too, while Plaid is not set up", () => {
    vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none");
    for (const path of bankPages) {
      expect(directivesOf(path)["frame-src"]).toEqual(["'none'"]);
      expect(headersOf(path).get("cross-origin-opener-policy")).toBe("same-origin");
    }
  });
});
