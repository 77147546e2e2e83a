import { parentPort, workerData } from "node:worker_threads";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GuestCall } from "./guest-call";
import { threadCpuMs } from "./thread-cpu";
import { createEmscriptenMaker } from "./engine-emscripten";
import { createWasiMaker } from "./engine-wasi";
import type { FromWorker, ToWorker, WorkerStart } from "../pool/protocol";

/** Entry of a sandbox worker: one call at a time, each in a fresh virtual machine. */
const start: WorkerStart = workerData;
const port = parentPort;
if (!port) throw new Error("The sandbox worker runs only as a worker thread.");

const prelude = readFileSync(join(start.runtimeDirectory, "prelude.js"), "utf8");
const makeMachine =
  start.engine === "quickjs-wasi"
    ? createWasiMaker(start.runtimeDirectory)
    : createEmscriptenMaker(start.runtimeDirectory);
const stopCell = new Int32Array(start.stopCell);
const post = (message: FromWorker) => port.postMessage(message);

let current: GuestCall | undefined;

port.on("message", (message: ToWorker) => {
  if (message.type === "call") {
    current = new GuestCall(message, {
      makeMachine,
      prelude,
      post,
      isStopped: () => Atomics.load(stopCell, 0) === message.callId,
    });
    void current.start();
  } else if (message.type === "answer") {
    if (current?.callId === message.callId) current.answer(message);
  } else {
    if (current?.callId === message.callId) current = undefined;
    post({ type: "dropped", callId: message.callId });
  }
});
post({ type: "ready", threadCpuMs: threadCpuMs() });
