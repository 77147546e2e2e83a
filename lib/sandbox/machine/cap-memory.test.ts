import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { capMemory } from "./cap-memory";

describe("a WASM module with a capped memory", () => {
  it("cannot grow beyond the cap, whatever it counts itself", async () => {
    // (module (memory (export "m") 1)), with a custom section before and a data section after.
    const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 0, 3, 1, 120, 7, 5, 3, 1, 0, 1, 7, 5, 1, 1, 109, 2, 0]);
    const { instance } = await WebAssembly.instantiate(capMemory(bytes, 300));
    const memory = instance.exports.m as WebAssembly.Memory;
    expect(memory.grow(299)).toBe(1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  it("is still valid when it is the real engine", () => {
    const bytes = readFileSync(createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm"));
    expect(WebAssembly.validate(capMemory(bytes, 1_000))).toBe(true);
  });

  it("needs a memory of its own", () => {
    expect(() => capMemory(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]), 10)).toThrow("no memory");
  });
});
