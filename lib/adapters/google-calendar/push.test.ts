import { describe, expect, test } from "vitest";
import { AppError } from "../../contracts/errors";
import { serveSample } from "../../demo/serve";
import { push, webhook } from "./push";
import { ann, dayOf, serveGoogle } from "./testing-served";

const google = serveGoogle();
const { signal } = new AbortController();
const verify = (headers: Headers) => webhook.verify({ headers, body: new Uint8Array(), now: new Date(), signal });
const channel = { id: "chan_1", token: "a-secret-of-the-host", address: "" };

/** Somewhere that takes notifications, as Burgeon's webhook address does. */
async function listen() {
  const got: Headers[] = [];
  const server = await serveSample(async (request) => {
    got.push(request.headers);
    return new Response(null, { status: 200 });
  }, 0);
  return { got, address: `${server.origin}/hook`, close: server.close };
}

describe("a channel", () => {
  test("tells that something changed, as long as it is open", async () => {
    const hook = await listen();
    const { resourceId, expiresAt } = await push.watch(google.io, ann, { ...channel, address: hook.address });
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    google.control.putEvent(ann, { summary: "x", start: { date: dayOf(1) }, end: { date: dayOf(2) } });
    expect(await google.control.delivered()).toEqual([200, 200]);
    expect(hook.got.map((headers) => headers.get("x-goog-channel-token"))).toEqual([channel.token, channel.token]);
    const about = { kind: "channel", key: "chan_1" };
    expect(await Promise.all(hook.got.map(verify))).toEqual(
      expect.arrayContaining([
        { about, news: "none" },
        { about, news: "changed" },
      ]),
    );

    await push.stop(google.io, { id: "chan_1", resourceId });
    await push.stop(google.io, { id: "chan_1", resourceId });
    google.control.putEvent(ann, { summary: "y", start: { date: dayOf(1) }, end: { date: dayOf(2) } });
    expect(await google.control.delivered()).toEqual([]);
    await hook.close();
  });

  test("that is there already is a conflict", async () => {
    const address = "https://burgeon.example/hook";
    await push.watch(google.io, ann, { ...channel, address });
    const again = push.watch(google.io, ann, { ...channel, address });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
  });

  test("to an address that Google does not take is refused, and no access token is thrown away for it", async () => {
    const plain = push.watch(google.io, ann, { ...channel, address: "http://burgeon.example/hook" });
    await expect(plain).rejects.toMatchObject({ code: "refused" });
    google.control.fail({ kind: "events.watch", status: 401, reason: "push.webhookUrlUnauthorized" });
    const unverified = push.watch(google.io, ann, { ...channel, address: "https://burgeon.example/hook" });
    await expect(unverified).rejects.toBeInstanceOf(AppError);
    expect(google.io.refused).toEqual([]);
  });
});

test.each(["x-goog-channel-id", "x-goog-channel-token", "x-goog-resource-state"])(
  "a notification without %s is none",
  async (name) => {
    const headers = new Headers({
      "x-goog-channel-id": "chan_1",
      "x-goog-channel-token": "t",
      "x-goog-resource-state": "exists",
    });
    expect(await verify(headers)).toEqual({ about: { kind: "channel", key: "chan_1" }, news: "changed" });
    headers.delete(name);
    expect(await verify(headers)).toBeNull();
  },
);
