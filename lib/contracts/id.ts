export type IdPrefix =
  | "user"
  | "tok"
  | "conv"
  | "run"
  | "appr"
  | "grant"
  | "sec"
  | "mod"
  | "ver"
  | "build"
  | "call"
  | "mcall"
  | "doc"
  | "conn"
  | "cal"
  | "cev"
  | "acc"
  | "txn"
  | "rule"
  | "imp"
  | "merge"
  | "place"
  | "chan";

const alphabet = "0123456789abcdefghijklmnopqrstuv";
const last = { ms: 0, random: 0n };
const randomBits = 80n;

/**
 * A new id such as `run_01k3…`: 9 characters of time (milliseconds) and 80 random bits, which count upwards within a
 * millisecond, so that the ids of one process sort in the order they were made.
 */
export function newId(prefix: IdPrefix): string {
  const ms = Math.max(Date.now(), last.ms);
  last.random = ms === last.ms ? (last.random + 1n) & ((1n << randomBits) - 1n) : randomNumber();
  last.ms = ms;
  return `${prefix}_${encode(BigInt(ms), 9)}${encode(last.random, 16)}`;
}

/** The topmost bit stays free, so that counting up does not run over. */
function randomNumber(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n) >> 1n;
}

function encode(number: bigint, length: number): string {
  let text = "";
  for (let rest = number, at = 0; at < length; at++, rest >>= 5n) text = alphabet[Number(rest & 31n)] + text;
  return text;
}
