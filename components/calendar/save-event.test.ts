import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventView } from "@/lib/contracts/calendar";
import { draftOf } from "./event-draft";
import { changeEvent, deleteEvent } from "./save-event";
import { makeEvent } from "./testing-event";

const zone = "Europe/Berlin";
let here: EventView;
let asked: string[];
let changed: unknown;

/** The route as it answers: what has another state than the named one is not touched. */
beforeEach(() => {
  here = makeEvent();
  asked = [];
  changed = null;
  vi.stubGlobal("fetch", async (_path: string, { method, headers, body }: RequestInit) => {
    const ifMatch = new Headers(headers).get("if-match");
    asked.push(`${method} ${ifMatch ?? "-"}`);
    if (method === "GET") return Response.json({ event: here });
    if (ifMatch !== here.etag)
      return Response.json({ error: { code: "conflict", message: "Changed meanwhile." } }, { status: 409 });
    changed = method === "DELETE" ? "deleted" : JSON.parse(String(body));
    return Response.json({ event: here });
  });
});
afterEach(() => vi.unstubAllGlobals());

const seen = makeEvent();
const draft = { ...draftOf(seen, zone), title: "Dentist, at last" };

describe.each([
  ["changing", () => changeEvent(draft, seen, zone), { title: "Dentist, at last" }],
  ["deleting", () => deleteEvent(seen), "deleted"],
])("%s", (_, act, done) => {
  it("names the state that the person saw", async () => {
    await act();
    expect(changed).toEqual(done);
    expect(asked).toEqual([expect.stringMatching(/^(PATCH|DELETE) "1"$/)]);
  });

  it("does nothing to what looks otherwise by now, and says how it is", async () => {
    here = makeEvent({ etag: '"2"', location: "Elsewhere" });
    expect(await act()).toEqual({ kind: "moved-on", now: here });
    expect(changed).toBeNull();
  });

  it("is not held up by a newer state that looks the same, as after the answer of a guest", async () => {
    here = makeEvent({ etag: '"2"' });
    await act();
    expect(changed).toEqual(done);
  });

  it("ends with the failure where the state is not what is wrong", async () => {
    here = makeEvent({ etag: '"1"' });
    vi.stubGlobal("fetch", async (_path: string, { method }: RequestInit) =>
      method === "GET"
        ? Response.json({ event: here })
        : Response.json({ error: { code: "conflict", message: "Not so." } }, { status: 409 }),
    );
    await expect(act()).rejects.toThrow("Not so.");
  });
});
