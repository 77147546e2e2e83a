import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { appendEvents } from "@/lib/db/events";
import { createRun } from "@/lib/db/runs";
import { countReaders } from "@/lib/db/tail";
import { testDatabase, testUser } from "@/lib/db/testing";
import { finishedStream, resumePoint, streamEvents } from "./stream-events";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

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
    const response = streamEvents(viewer, { conversationId, after: 0, signal: new AbortController().signal });
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
    const { read, cancel } = reader(
      streamEvents(viewer, { conversationId, after: 1, signal: new AbortController().signal }),
    );
    expect(await read()).toBe("retry: 1000\n\n: ping\n\n");
    await cancel();
  });

  it("ends with the last event and gives one run's events only", async () => {
    const { runId, conversationId } = await start();
    const response = streamEvents(viewer, {
      conversationId,
      after: 0,
      signal: new AbortController().signal,
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
    const { read, cancel } = reader(
      streamEvents(viewer, { conversationId, after: 0, signal: new AbortController().signal }),
    );
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
