// A provider with effects, on real HTTP: it notes every request by the deed it asks for and the idempotency key it names. Like
// real ones, it does a keyed deed once per key; and it takes a moment, so that callers die in the middle.
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { servePeer } from "./serve-peer.mjs";

/** Deed → the keys it was asked for with, in order; without a key every request is a deed of its own. */
const deeds = new Map();
let unkeyed = 0;

const server = createServer(async (request, response) => {
  request.resume();
  const deed = new URL(request.url, "http://localhost").pathname;
  unkeyed += 1;
  const key = request.headers["idempotency-key"] ?? `request ${unkeyed}`;
  deeds.set(deed, [...(deeds.get(deed) ?? []), key]);
  await pause(Math.random() * 8);
  response.end('{"ok":true}');
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

servePeer({
  ready: () => ({ origin: `http://127.0.0.1:${server.address().port}` }),
  /** Deeds, requests, and deeds that were done more than once. */
  count() {
    const keys = [...deeds.values()];
    return {
      deeds: keys.length,
      requests: keys.reduce((total, one) => total + one.length, 0),
      duplicated: keys.reduce((total, one) => total + new Set(one).size - 1, 0),
    };
  },
});
