// Loaded first in every child. Its standard input is a pipe only the supervisor holds: when that ends, the supervisor
// is gone (even by kill -9) and the child must not stay behind alone.
import process from "node:process";
import { isMainThread } from "node:worker_threads";

/** Time for an orderly end before a hard one. */
const graceMs = 8_000;
let isLeaving = false;

// Threads and processes that the child starts itself load this file too, and have another standard input.
const isOurs = isMainThread && process.env.BURGEON_LEASH === "1";
delete process.env.BURGEON_LEASH;
if (isOurs) {
  process.stdin.on("error", leave).on("close", leave).on("end", leave);
  process.stdin.resume();
  process.stdin.unref?.();
}

function leave() {
  if (isLeaving) return;
  isLeaving = true;
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), graceMs).unref();
}
