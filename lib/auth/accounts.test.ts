import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { testDatabase, testUser } from "@/lib/db/testing";
import { clientAddress } from "./client-address";
import { createOwner, isFirstRun } from "./first-run";
import { hashPassword, requireGoodPassword, verifyPassword } from "./password";
import { signInWithPassword } from "./sign-in";
import { createToken, findTokenViewer, listTokens, revokeToken } from "./tokens";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const owner = { name: "Ada", email: "Ada@Example.org", password: "correct-horse-battery" };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe("the first run", () => {
  it("makes one owner however many try at once, and closes registration", async () => {
    expect(await isFirstRun()).toBe(true);
    const tries = await Promise.allSettled([
      createOwner(owner),
      createOwner({ ...owner, email: "eve@example.org" }),
      createOwner({ ...owner, email: "mallory@example.org" }),
    ]);
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(createOwner({ ...owner, email: "late@example.org" })).rejects.toMatchObject({ code: "conflict" });
    expect(await isFirstRun()).toBe(false);
    const { rows } = await pool().query(`select role, email from "User"`);
    expect(rows).toHaveLength(1);
    expect(rows[0].role).toBe("owner");
  });
});

describe("passwords", () => {
  it("are stored as salted hashes that only the password fits", async () => {
    const [one, two] = await Promise.all([hashPassword(owner.password), hashPassword(owner.password)]);
    expect(one).not.toBe(two);
    expect(one).not.toContain(owner.password);
    expect(await verifyPassword(owner.password, one)).toBe(true);
    expect(await verifyPassword(`${owner.password} `, one)).toBe(false);
    expect(await verifyPassword(owner.password, null)).toBe(false);
  });

  it("must be long and not one character repeated", () => {
    for (const password of ["short", "aaaaaaaaaaaa", "x".repeat(201)])
      expect(() => requireGoodPassword(password)).toThrow(/password/);
    expect(() => requireGoodPassword("four words make one")).not.toThrow();
  });
});

describe("signing in", () => {
  beforeEach(() => pool().query(`delete from "RateBucket"`));
  const account = async () => {
    const email = `p${Math.random().toString(36).slice(2)}@example.org`;
    await pool().query(
      `insert into "User" (id, email, name, "passwordHash", role) values ($1, $1, 'P', $2, 'member')`,
      [email, await hashPassword(owner.password)],
    );
    return email;
  };

  it("works with the right password in any case of the address and says the same for an unknown one", async () => {
    const email = await account();
    expect((await signInWithPassword(email.toUpperCase(), owner.password, null)).email).toBe(email);
    const wrong = await signInWithPassword(email, "wrong password", null).catch((error) => error);
    const unknown = await signInWithPassword("nobody@example.org", "wrong password", null).catch((error) => error);
    expect([wrong.code, wrong.message]).toEqual([unknown.code, unknown.message]);
  });

  it("stops guessing after five wrong passwords, also when they come at once, and even for the right one", async () => {
    const email = await account();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => signInWithPassword(email, `wrong ${n}`, null)),
    );
    const codes = tries.map((one) => (one.status === "rejected" ? one.reason.code : "in"));
    expect(codes.filter((code) => code === "auth-required")).toHaveLength(5);
    expect(codes.filter((code) => code === "rate-limited")).toHaveLength(3);
    await expect(signInWithPassword(email, owner.password, null)).rejects.toMatchObject({
      code: "rate-limited",
      retryAfterMs: expect.any(Number),
    });
  });

  it("does not count what was right", async () => {
    const email = await account();
    for (let n = 0; n < 7; n++) await signInWithPassword(email, owner.password, "192.0.2.1");
  });

  it("believes X-Forwarded-For only as far as proxies are trusted", () => {
    expect(clientAddress("6.6.6.6, 10.0.0.1", 0)).toBeNull();
    expect(clientAddress("6.6.6.6, 203.0.113.9", 1)).toBe("203.0.113.9");
    expect(clientAddress("6.6.6.6, 203.0.113.9, 10.0.0.1", 2)).toBe("203.0.113.9");
    expect(clientAddress(null, 1)).toBeNull();
  });
});

describe("tokens", () => {
  let viewer: Viewer;
  beforeEach(async () => {
    viewer = await testUser("member");
  });

  it("are shown once, stored as a hash, and carry their rights and their person's role", async () => {
    const { token, view } = await createToken(viewer, {
      name: "script",
      scopes: ["chat", "modules:read"],
      expiresAt: inDays(1),
    });
    expect(await findTokenViewer(token)).toEqual({
      kind: "viewer",
      userId: viewer.userId,
      role: "member",
      via: "token",
      scopes: ["chat", "modules:read"],
    });
    const { rows } = await pool().query(`select row_to_json(t)::text as t from "ApiToken" t`);
    expect(rows.map((row) => row.t).join()).not.toContain(token);
    expect(JSON.stringify(await listTokens(viewer))).not.toContain(token);
    expect(token.startsWith(view.prefix)).toBe(true);
  });

  it("end when revoked and when their time is over", async () => {
    const { token, view } = await createToken(viewer, { name: "a", scopes: ["chat"], expiresAt: inDays(1) });
    await revokeToken(viewer, view.id);
    expect(await findTokenViewer(token)).toBeNull();
    const other = await createToken(viewer, { name: "b", scopes: ["chat"], expiresAt: inDays(1) });
    await pool().query(`update "ApiToken" set "expiresAt" = now() - interval '1 second' where id = $1`, [
      other.view.id,
    ]);
    expect(await findTokenViewer(other.token)).toBeNull();
    expect(await findTokenViewer("bgn_nonsense")).toBeNull();
  });

  it("cannot give more rights than their maker has, nor live longer than a year", async () => {
    const limited: Viewer = { ...viewer, via: "token", scopes: ["chat", "settings"] };
    await expect(
      createToken(limited, { name: "c", scopes: ["modules:approve"], expiresAt: inDays(1) }),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(createToken(viewer, { name: "d", scopes: ["chat"], expiresAt: inDays(400) })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(createToken(viewer, { name: "e", scopes: ["chat"], expiresAt: inDays(-1) })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("of another person cannot be seen or revoked", async () => {
    const { view } = await createToken(viewer, { name: "f", scopes: ["chat"], expiresAt: inDays(1) });
    const stranger = await testUser();
    expect(await listTokens(stranger)).toEqual([]);
    await expect(revokeToken(stranger, view.id)).rejects.toMatchObject({ code: "not-found" });
  });
});
