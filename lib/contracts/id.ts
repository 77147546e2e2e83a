export type IdPrefix =
  | "user"
  | "tok"
  | "conv"
  | "run"
  | "appr"
  | "sec"
  | "mod"
  | "ver"
  | "build"
  | "call"
  | "mcall"
  | "doc";

const alphabet = "0123456789abcdefghijklmnopqrstuv";

/** A new id such as `run_01k3…`: 9 characters of time (milliseconds, sorts by creation) and 80 random bits. */
export function newId(prefix: IdPrefix): string {
  let time = "";
  for (let rest = Date.now(), i = 0; i < 9; i++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${prefix}_${time}${Array.from(bytes, (byte) => alphabet[byte % 32]).join("")}`;
}
