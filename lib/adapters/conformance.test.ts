import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../contracts/errors";
import { adapters } from "./registry";
import { type Subject, subjects } from "./testing-subjects";

// The environment is parsed once; what points adapters at their fakes is set before anything reads it.
const started: Record<string, Subject> = {};
beforeAll(async () => {
  for (const [id, start] of Object.entries(subjects)) started[id] = await start();
});
afterAll(async () => {
  for (const subject of Object.values(started)) await subject.close();
});
afterEach(() => {
  for (const { intercept } of Object.values(started)) intercept.with = null;
});

it("every adapter has its folder, its README and a place in this suite, or asks nobody", () => {
  for (const { manifest } of adapters) {
    const folder = join(import.meta.dirname, manifest.id);
    expect(existsSync(join(folder, "README.md")), `${manifest.id}/README.md`).toBe(true);
    expect(existsSync(join(folder, "manifest.ts"))).toBe(true);
    expect(manifest.connect === "file" || manifest.id in subjects, `${manifest.id} is tested here`).toBe(true);
  }
});

it.each(adapters.map((adapter) => [adapter.manifest.id, adapter] as const))(
  "%s says what it may do, and does nothing else",
  (_, adapter) => {
    const { manifest, oauth, link, file, checkUrl, writer } = adapter;
    expect(manifest.rights.length).toBeGreaterThan(0);
    expect(manifest.title).not.toBe("");
    expect({
      oauth: oauth !== undefined,
      link: link !== undefined,
      file: file !== undefined,
      url: checkUrl !== undefined,
    }).toEqual({
      oauth: manifest.connect === "oauth",
      link: manifest.connect === "link",
      file: manifest.connect === "file",
      url: manifest.connect === "url",
    });
    // Who can change something says so, and is asked for the right to do it.
    if (writer)
      expect([manifest.connect, manifest.rights.join(" ")]).toEqual(["oauth", expect.stringMatching(/change/i)]);
    if (manifest.connect === "oauth") expect(manifest.setup.join(" ")).toContain("{redirectUri}");
  },
);

describe.each(Object.keys(subjects))("%s", (id) => {
  const subject = () => {
    const found = started[id];
    if (!found) throw new Error(`${id} was not started`);
    return found;
  };
  const failure = async (signal?: AbortSignal) => {
    const { read, io } = subject();
    try {
      await read(io(signal));
    } catch (cause) {
      return cause;
    }
    throw new Error("did not fail");
  };
  const always = (
    status: number,
    headers: Record<string, string> = {},
    body = "<p>foreign words of an error page</p>",
  ) => {
    subject().intercept.with = async () => new Response(body, { status, headers });
  };

  it("reads things of the canonical shape, and comes to an end", async () => {
    const { read, io, schema } = subject();
    const found = await read(io());
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(schema.safeParse(one).error).toBeUndefined();
  });

  it("asked too often, it says when to come back and asks no more", async () => {
    always(429, { "retry-after": "120" });
    const before = subject().asked();
    const cause = await failure();
    expect(cause).toMatchObject({ code: "rate-limited" });
    expect((cause as AppError).retryAfterMs).toBeGreaterThan(100_000);
    expect((cause as AppError).retryAfterMs).toBeLessThanOrEqual(125_000);
    expect(subject().asked() - before).toBeLessThanOrEqual(2);
  });

  it.each([500, 503])(
    "where the other side fails with %i, tries again at another time",
    async (status) => {
      always(status);
      expect(await failure()).toMatchObject({ code: "unavailable" });
    },
    30_000,
  );

  it("takes an answer that is none for a fault of the other side", async () => {
    always(200, { "content-type": "application/json" }, '{"unexpected": [');
    expect(await failure()).toMatchObject({ code: expect.stringMatching(/^(unavailable|invalid)$/) });
  }, 30_000);

  it("stops when it is told to, in the middle of a request", async () => {
    const controller = new AbortController();
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    subject().intercept.with = async () => {
      reached.resolve();
      await released.promise;
      return new Response(null, { status: 503 });
    };
    const ended = failure(controller.signal);
    await reached.promise;
    const before = subject().asked();
    controller.abort(new Error("told to stop"));
    const cause = await ended;
    released.resolve();
    expect(inspect(cause)).toMatch(/told to stop|abort/i);
    expect(subject().asked()).toBe(before);
  });

  it("says nothing foreign to a person, and nothing secret to anybody, whatever goes wrong", async () => {
    for (const status of [400, 401, 403, 404, 500]) {
      always(status);
      const { read, io, secrets } = subject();
      const cause = await read(io()).then(
        () => null,
        (error: unknown) => error,
      );
      if (cause === null) continue;
      expect(cause).toBeInstanceOf(AppError);
      const { message, hint = "" } = cause as AppError;
      expect(`${message} ${hint}`).not.toContain("foreign words");
      const everything = inspect(cause, { depth: 8, showHidden: true });
      for (const secret of secrets) expect(everything).not.toContain(secret);
    }
  }, 60_000);
});

describe("who is signed in to", () => {
  it("a token that is refused is replaced once, and then a person is asked", async () => {
    const google = started["google-calendar"];
    if (!google) throw new Error("not started");
    const { intercept, read, io } = google;
    intercept.with = async () => new Response("{}", { status: 401 });
    const asked: (string | undefined)[] = [];
    const watched = {
      ...io(),
      accessToken: async (refused?: string) => {
        asked.push(refused);
        return `token-${asked.length}`;
      },
    };
    await expect(read(watched)).rejects.toMatchObject({ code: "auth-expired" });
    expect(asked).toEqual([undefined, "token-1"]);
  });
});
