import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/contracts/errors";

/** OWASP's recommendation for scrypt: N = 2^17, r = 8, p = 1 (128 MiB for the time of one check). */
const cost = { N: 2 ** 17, r: 8, p: 1 };
const keyBytes = 32;
const minChars = 10;
const maxChars = 200;
let dummy: Promise<string> | undefined;

/** @throws AppError invalid with what is missing */
export function requireGoodPassword(password: string): void {
  if (password.length < minChars)
    throw new AppError("invalid", `The password needs at least ${minChars} characters.`, {
      hint: "Four unrelated words make a good one.",
    });
  if (password.length > maxChars)
    throw new AppError("invalid", `The password may have at most ${maxChars} characters.`);
  if (new Set(password).size < 4)
    throw new AppError("invalid", "The password repeats the same characters; choose another.");
}

/** `scrypt$N$r$p$salt$key`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Does the password belong to the hash? A hash of null takes as long and is always false: nobody learns who has an account. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  dummy ??= hashPassword(randomBytes(16).toString("hex"));
  const [kind, N, r, p, salt, key] = (hash ?? (await dummy)).split("$");
  if (kind !== "scrypt" || !salt || !key) return false;
  const expected = Buffer.from(key, "base64url");
  const given = await derive(password.slice(0, maxChars + 1), Buffer.from(salt, "base64url"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return given.length === expected.length && timingSafeEqual(given, expected) && hash !== null;
}

function derive(password: string, salt: Buffer, options: { N: number; r: number; p: number }): Promise<Buffer> {
  const maxmem = 256 * options.N * options.r;
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, keyBytes, { ...options, maxmem }, (cause, key) =>
      cause ? reject(cause) : resolve(key),
    ),
  );
}
