import { maxMessageChars } from "../limits";
import type { Outcome } from "../pool/protocol";
import { GuestException, type GuestText, MachineStopped } from "./machine";

/** An error of the guest in its own words. */
export interface ErrorText {
  name: string;
  message: string;
  code?: string;
  stack: string;
}

const tooMuchMemory: Outcome = {
  ok: false,
  code: "memory_limit",
  message: "The code needs more memory than it may have.",
};
const tooDeep: Outcome = { ok: false, code: "stack_overflow", message: "The code called itself too deeply." };

/** How a call ends when something was thrown on the worker's side of the machine. */
export function describeFailure(error: unknown, isNearlyFull = false): Outcome {
  if (error instanceof GuestException)
    return describeGuestError(
      { name: error.guestName, message: error.guestMessage, stack: error.guestStack },
      isNearlyFull,
    );
  if (error instanceof MachineStopped) return { ok: false, code: "wall_timeout", message: "The call was stopped." };
  if (error instanceof RangeError && /call stack/i.test(error.message)) return tooDeep;
  if (error instanceof RangeError && /memory|allocation/i.test(error.message))
    return { ok: false, code: "memory_limit", message: "The virtual machine could not get its memory." };
  // An allocation whose failure the engine did not look at.
  if (isNearlyFull && error instanceof WebAssembly.RuntimeError) return tooMuchMemory;
  const detail = error instanceof Error ? `: ${error.message}` : ".";
  return { ok: false, code: "vm_trap", message: cutMessage(`The virtual machine broke${detail}`) };
}

/** The engine tells of its limits by ordinary errors: this puts a code to them. */
export function describeGuestError({ name, message, code, stack }: ErrorText, isNearlyFull = false): Outcome {
  const engineText = `${name}: ${message}`;
  // For want of memory to make an error in, the engine throws null.
  const isWithoutError = message === "" || message.startsWith("null was thrown");
  if (isNearlyFull && isWithoutError) return tooMuchMemory;
  if (/^(InternalError|SyntaxError): .*(out of memory|wasm_malloc failed)/.test(engineText)) return tooMuchMemory;
  if (/^(InternalError|RangeError): (stack overflow|Maximum call stack size exceeded)/.test(engineText)) return tooDeep;
  const prefix = name === "ModuleError" && code ? `${code}: ` : name && name !== "Error" ? `${name}: ` : "";
  return { ok: false, code: "guest_error", message: cutMessage(prefix + message), stack };
}

/** The error that the prelude wrote as JSON. */
export function parseErrorText(text: GuestText): ErrorText {
  // Six characters for each one of an escaped text, in four fields.
  const isReadable = text.length >= 0 && text.length <= 4 * 6 * maxMessageChars;
  const parsed: unknown = isReadable ? parseOrText(text.read()) : {};
  const fields = parsed !== null && typeof parsed === "object" ? (parsed as Record<string, unknown>) : {};
  const read = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
  return {
    name: read("name"),
    message: read("message"),
    stack: read("stack"),
    ...(read("code") ? { code: read("code") } : {}),
  };
}

/** A frame of running code names a function before the place; that of the parser has only the place. */
export function isParseError({ guestName, guestStack }: GuestException): boolean {
  return guestName === "SyntaxError" && /^\s*(at )?module\.js:\d+/.test(guestStack);
}

export function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function cutMessage(text: string): string {
  return text.length > maxMessageChars ? `${text.slice(0, maxMessageChars)}…` : text;
}
