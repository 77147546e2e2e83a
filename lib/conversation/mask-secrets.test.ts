import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskSecrets } from "./mask-secrets";

// Built from parts, so that no scanner takes this file for a leak.
const body = (length: number) => "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0fD".repeat(4).slice(0, length);

describe("maskSecrets", () => {
  it.each([
    `my key is ${`sk-${body(40)}`}`,
    `here: ${`sk-ant-${body(60)}`}, use it`,
    `token ghp_${body(36)}`,
    `glpat-${body(20)}`,
    `AKIA${"ABCDEFGH12345678"}`,
    `AIza${body(35)}`,
    `sk_live_${body(24)}`,
    `xoxb-${body(24)}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.${body(43)}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${body(64)}\n-----END RSA PRIVATE KEY-----`,
    "my api key is demo-library-key-42",
    "API key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "The password is hunter2!",
    `api_key="${body(20)}"`,
    `Authorization: Bearer ${body(32)}`,
    `call https://api.example.com/v1?api_key=${body(32)}&q=1`,
    "mein Passwort ist geheim123",
    "client_secret=abc123def456",
    "my key: 550e8400-e29b-41d4-a716-446655440000",
  ])("masks %#", (text) => {
    const { text: masked, count } = maskSecrets(text);
    expect(count).toBe(1);
    expect(masked).toContain("[masked key]");
    for (const secret of [
      body(16),
      "hunter2",
      "demo-library-key-42",
      "9f8e7d6c",
      "geheim123",
      "abc123def456",
      "550e8400",
    ])
      expect(masked).not.toContain(secret);
  });

  it.each([
    "What is the key difference between a cat and a dog?",
    "The key is to stay calm.",
    "The password is required",
    "my key is under the doormat",
    "Build me a module from http://127.0.0.1:4010/openapi.json",
    "Read https://example.com/a/b?c=d&e=f#g and summarise",
    "see https://example.com/articles?key=introduction",
    "digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 5d6eecc0f1a2b3c4d5e6f708192a3b4c5d6e7f80 broke it",
    "issue key: PROJ-1234",
    "the token limit is 400000",
    "The API key is passed in the X-API-Key header",
    '{"in":"header","name":"X-API-Key","type":"apiKey"}',
    "Meeting on 2026-11-24 at 10:00, call +49 30 1234567",
    "conv_01k3abcdefghijklmnopqrstuv0",
    "my api key is: [masked key]",
  ])("leaves alone: %s", (text) => {
    expect(maskSecrets(text)).toEqual({ text, count: 0 });
  });

  it("finds several, and keeps the words around them", () => {
    const { text, count } = maskSecrets(`user key: ${body(30)}1 and password: s3cret-pass, thanks`);
    expect(count).toBe(2);
    expect(text).toBe("user key: [masked key] and password: [masked key], thanks");
  });

  it("masking twice changes nothing more", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const once = maskSecrets(text).text;
        expect(maskSecrets(once)).toEqual({ text: once, count: 0 });
      }),
    );
  });

  it("takes a hostile megabyte in well under a second", () => {
    const startedAt = performance.now();
    for (const unit of [
      "key is ",
      "my api key: ",
      "sk-",
      "eyJ",
      "-----BEGIN PRIVATE KEY-----",
      "https://a:",
      "bearer ",
    ])
      maskSecrets(unit.repeat(Math.floor(200_000 / unit.length)));
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
