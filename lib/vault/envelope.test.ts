import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnvelopeError, openEnvelope, parseMasterKey, sealEnvelope } from "./envelope";

const master = parseMasterKey(randomBytes(32).toString("base64"));
const other = parseMasterKey(randomBytes(32).toString("base64"));
const binding = { userId: "user_1", scope: "module:a/b", name: "key" };
const plain = "pläin";

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvelopeError) return error.problem;
    throw error;
  }
  return "opened";
}

describe("an envelope", () => {
  it("gives back what was put in, and never the same bytes twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const [first, second] = [sealEnvelope(master, binding, text), sealEnvelope(master, binding, text)];
        expect(first.equals(second)).toBe(false);
        expect(openEnvelope([other, master], binding, master.id, first)).toBe(text);
      }),
    );
  });

  it("holds neither the value nor the master key", () => {
    const sealed = sealEnvelope(master, binding, "planted-value-planted");
    expect(sealed.includes("planted")).toBe(false);
    expect(sealed.includes(master.key)).toBe(false);
  });

  it("cannot be opened for another user, scope, name or key id", () => {
    const sealed = sealEnvelope(master, binding, plain);
    for (const changed of [{ userId: "user_2" }, { scope: "module:a/c" }, { name: "kez" }])
      expect(problemOf(() => openEnvelope([master], { ...binding, ...changed }, master.id, sealed))).toBe("damaged");
    expect(problemOf(() => openEnvelope([master], binding, other.id, sealed))).toBe("unknown-key");
    expect(problemOf(() => openEnvelope([{ ...other, id: master.id }], binding, master.id, sealed))).toBe("damaged");
    expect(problemOf(() => openEnvelope([], binding, master.id, sealed))).toBe("unknown-key");
  });

  it("keeps names apart that only look alike when joined", () => {
    const sealed = sealEnvelope(master, { userId: "a", scope: "b|c", name: "d" }, plain);
    expect(problemOf(() => openEnvelope([master], { userId: "a", scope: "b", name: "c|d" }, master.id, sealed))).toBe(
      "damaged",
    );
  });

  it("notices every flipped bit", () => {
    const sealed = sealEnvelope(master, binding, plain);
    for (let index = 0; index < sealed.length; index++)
      for (const bit of [1, 128]) {
        const flipped = Buffer.from(sealed);
        flipped[index] = (flipped[index] ?? 0) ^ bit;
        expect(problemOf(() => openEnvelope([master], binding, master.id, flipped))).toBe("damaged");
      }
  });

  it("notices every missing or added byte, so no tag is shorter than 16", () => {
    const sealed = sealEnvelope(master, binding, plain);
    for (let length = 0; length < sealed.length; length++)
      expect(problemOf(() => openEnvelope([master], binding, master.id, sealed.subarray(0, length)))).toBe("damaged");
    const longer = Buffer.concat([sealed, Buffer.alloc(1)]);
    expect(problemOf(() => openEnvelope([master], binding, master.id, longer))).toBe("damaged");
  });

  it("cannot be put together from two others", () => {
    const [first, second] = [sealEnvelope(master, binding, "one"), sealEnvelope(master, binding, "two")];
    const mixed = Buffer.concat([first.subarray(0, 61), second.subarray(61)]);
    expect(problemOf(() => openEnvelope([master], binding, master.id, mixed))).toBe("damaged");
  });
});

describe("a master key", () => {
  it("is 32 bytes in base64, base64url or hex", () => {
    const bytes = randomBytes(32);
    const ids = (["base64", "base64url", "hex"] as const).map((form) => parseMasterKey(`${bytes.toString(form)}\n`).id);
    expect(new Set(ids).size).toBe(1);
  });

  it.each(["", "short", "x".repeat(32), randomBytes(31).toString("base64"), randomBytes(33).toString("base64")])(
    "is not %j, and the failure does not show it",
    (text) => {
      const error = (() => {
        try {
          parseMasterKey(text);
        } catch (cause) {
          return cause;
        }
      })();
      expect(error).toBeInstanceOf(Error);
      if (text) expect(String(error)).not.toContain(text);
    },
  );
});
