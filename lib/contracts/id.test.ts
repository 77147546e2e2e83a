import { describe, expect, it } from "vitest";
import { newId } from "./id";

describe("an id", () => {
  it("tells what it belongs to and never repeats", () => {
    const ids = Array.from({ length: 5000 }, () => newId("run"));
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^run_[0-9a-v]{25}$/);
  });

  it("sorts in the order in which one process made it, also within a millisecond", () => {
    const ids = Array.from({ length: 5000 }, () => newId("run"));
    expect([...ids].sort()).toEqual(ids);
  });
});
