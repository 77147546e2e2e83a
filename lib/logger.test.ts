import { describe, expect, it } from "vitest";
import { createLogger } from "./logger";

function collect() {
  const lines: string[] = [];
  const logger = createLogger({ write: (line) => void lines.push(line) });
  return { logger, lines };
}

describe("the log", () => {
  it("holds no value of a name that means a secret, however deep or spelled", () => {
    const { logger, lines } = collect();
    const planted = "planted-S3CRET";
    logger.info(
      {
        authorization: planted,
        Cookie: planted,
        "set-cookie": [planted],
        "x-api-key": planted,
        nested: {
          deep: { apiKey: planted, client_secret: planted, accessToken: planted, credentials: { a: planted } },
        },
        list: [{ password: planted }, { headers: { x: planted }, body: planted }],
        values: { key: planted },
      },
      "message",
    );
    logger.child({ token: planted, room: "test" }).warn("child");
    expect(lines.join("")).not.toContain(planted);
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ level: "warn", room: "test", token: "[redacted]" });
  });

  it("finds our tokens, bearer headers and passwords of addresses inside sentences and errors", () => {
    const { logger, lines } = collect();
    const cause = new Error("connect postgresql://ada:hunter22@db/x failed", {
      cause: new Error("Bearer abcdef123456"),
    });
    logger.error({ cause }, "with bgn_abcdefghijklmnop");
    expect(lines[0]).not.toMatch(/hunter22|abcdef123456|bgn_abc/);
    expect(JSON.parse(lines[0] ?? "").cause).toMatchObject({ type: "Error", cause: { type: "Error" } });
  });

  it("writes one line an entry, whatever the text holds", () => {
    const { logger, lines } = collect();
    logger.info({ text: 'a\n{"level":"fatal"}' }, "b\r\nc\u2028d");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n]/);
  });

  it("keeps what is counted, not secret", () => {
    const { logger, lines } = collect();
    logger.info({ inputTokens: 5, keyId: "k1", when: new Date(0), bytes: new Uint8Array(3) }, "numbers");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      inputTokens: 5,
      keyId: "k1",
      when: "1970-01-01T00:00:00.000Z",
      bytes: "[3 bytes]",
    });
  });

  it("survives a circle", () => {
    const { logger, lines } = collect();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    logger.info({ circle }, "round");
    expect(lines).toHaveLength(1);
  });
});
