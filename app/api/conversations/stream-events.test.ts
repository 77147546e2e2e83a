import { setTimeout as pause } from "node:timers/promises";
import { encode } from "next-auth/jwt";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { findSessionOwner } from "@/lib/auth/session";
import { createToken, revokeToken } from "@/lib/auth/tokens";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { appendEvents } from "@/lib/db/events";
import { createRun } from "@/lib/db/runs";
import { countReaders } from "@/lib/db/tail";
import { testDatabase, testUser } from "@/lib/db/testing";
import { endSession } from "@/lib/db/users";
import { finishedStream, resumePoint, streamEvents } from "./stream-events";

vi.mock("@/lib/auth/session", async (original) => {
  const session = await original<typeof import("@/lib/auth/session")>();
  return { ...session, findSessionOwner: vi.fn(session.findSessionOwner) };
});

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

const requestOf = (headers = new Headers(), signal = new AbortController().signal) => ({ headers, signal });
const start = () => createRun(viewer, { message: "Hello\nworld", via: "api" });
const said = (text: string) => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } }) as const;

function reader(response: Response) {
  const from = response.body?.getReader();
  if (!from) throw new Error("no body");
  return {
    read: async () => new TextDecoder().decode((await from.read()).value),
    cancel: () => from.cancel(),
  };
}

describe("the event stream", () => {
  it("sends what there is with its first bytes, then each event as it comes, one frame each", async () => {
    const { runId, conversationId } = await start();
    const response = streamEvents(viewer, { conversationId, after: 0, request: requestOf() });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const { read, cancel } = reader(response);
    const first = await read();
    expect(first).toMatch(/^retry: 1000\n\nid: 1\nevent: message-sent\ndata: \{.*"text":"Hello\\nworld".*\}\n\n$/);
    const next = read();
    await appendEvents(viewer, { conversationId, runId }, [said("a"), said("b")]);
    expect((await next).match(/^id: \d+$/gm)).toEqual(["id: 2", "id: 3"]);
    await cancel();
  });

  it("opens at once also when there is nothing new", async () => {
    const { conversationId } = await start();
    const { read, cancel } = reader(streamEvents(viewer, { conversationId, after: 1, request: requestOf() }));
    expect(await read()).toBe("retry: 1000\n\n: ping\n\n");
    await cancel();
  });

  it("ends with the last event and gives one run's events only", async () => {
    const { runId, conversationId } = await start();
    const response = streamEvents(viewer, {
      conversationId,
      after: 0,
      request: requestOf(),
      includes: (event) => event.runId === runId,
      isLast: (event) => event.type === "run-finished",
    });
    const text = response.text();
    await appendEvents(viewer, { conversationId }, [said("of nobody")]);
    await appendEvents(viewer, { conversationId, runId }, [
      said("mine"),
      { type: "run-finished", payload: { status: "done" } },
      said("after"),
    ]);
    const body = await text;
    expect(body).toContain("mine");
    expect(body).not.toMatch(/of nobody|after/);
  });

  it("reads no further ahead than its reader, and lets go when the reader leaves", async () => {
    const { conversationId } = await start();
    for (let n = 0; n < 5; n++)
      await appendEvents(
        viewer,
        { conversationId },
        Array.from({ length: 100 }, () => said("x")),
      );
    const { read, cancel } = reader(streamEvents(viewer, { conversationId, after: 0, request: requestOf() }));
    expect((await read()).match(/^id: /gm)).toHaveLength(200);
    expect((await read()).match(/^id: /gm)).toHaveLength(200);
    await cancel();
    expect(countReaders()).toBe(0);
  });

  it("goes on where the reader was when its connection was lost, though the address is the same", async () => {
    const request = new Request("http://x/", { headers: { "last-event-id": "7" } });
    expect([resumePoint(request, 0), resumePoint(request, 9), resumePoint(new Request("http://x/"), 2)]).toEqual([
      7, 9, 2,
    ]);
    expect(await finishedStream([]).text()).toBe("retry: 1000\n\n");
  });
});

describe("an open stream", () => {
  const sessionId = "session_1";
  let asked: Headers;
  beforeEach(async () => {
    viewer = await testUser();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.mocked(findSessionOwner).mockClear();
    const token = { userId: viewer.userId, sessionId, sessionVersion: 1 };
    const cookie = `burgeon.session=${await encode({ token, secret: process.env.NEXTAUTH_SECRET ?? "" })}`;
    asked = new Headers({ cookie });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const wait = (ms: number) => vi.setSystemTime(Date.now() + ms);

  /** A stream of a conversation that was read to its end. */
  async function open(options: Partial<Parameters<typeof streamEvents>[1]> = {}) {
    const { runId, conversationId } = await start();
    const { signal } = new AbortController();
    const { body } = streamEvents(viewer, { conversationId, after: 0, request: requestOf(asked, signal), ...options });
    const from = body?.getReader();
    if (!from) throw new Error("no body");
    await from.read();
    const say = (text: string) => appendEvents(viewer, { conversationId, runId }, [said(text)]);
    const read = async () => {
      const { done, value } = await from.read();
      return done ? "the end" : new TextDecoder().decode(value);
    };
    return { say, read, leave: () => from.cancel() };
  }

  const endings: [string, () => Promise<unknown>][] = [
    ["its person signed out", () => endSession(asSystem("auth"), viewer.userId, sessionId)],
    [
      "the password was changed",
      () => pool().query(`update "User" set "sessionVersion" = 2 where id = $1`, [viewer.userId]),
    ],
  ];
  it.each(endings)("ends when %s, and tells nothing more", async (_name, end) => {
    const { say, read } = await open();
    await end();
    wait(31_000);
    const next = read();
    await say("of nobody's business");
    expect(await next).toBe("the end");
    expect(countReaders()).toBe(0);
  });

  it("ends, too, while nothing happens", async () => {
    const { read } = await open();
    await endSession(asSystem("auth"), viewer.userId, sessionId);
    const next = read();
    // It is being waited for by now; the tail looks at the clock when it has waited for five seconds.
    await pause(100);
    wait(31_000);
    expect(await next).toBe("the end");
  });

  it("of a run that a token reads ends when the token is revoked, and goes on to the end of the run otherwise", async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { token, view } = await createToken(viewer, { name: "t", scopes: ["chat"], expiresAt });
    asked = new Headers({ authorization: `Bearer ${token}` });
    const { say, read } = await open({ isLast: ({ type }) => type === "run-finished" });
    for (const text of ["one", "two"]) {
      wait(600_000);
      const next = read();
      await say(text);
      expect(await next).toContain(text);
    }
    await revokeToken(viewer, view.id);
    wait(31_000);
    const next = read();
    await say("three");
    expect(await next).toBe("the end");
  });

  it("asks at most every 30 seconds, however much is said", async () => {
    const { say, read, leave } = await open();
    for (let n = 1; n <= 9; n++) {
      wait(10_000);
      const next = read();
      await say(`${n}`);
      expect(await next).toContain(`"text":"${n}"`);
    }
    expect(findSessionOwner).toHaveBeenCalledTimes(3);
    await leave();
  });
});
