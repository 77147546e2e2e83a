import { AsyncLocalStorage } from "node:async_hooks";

const ready = new AsyncLocalStorage<() => Promise<void>>();

/**
 * Makes a call of a model whose request leaves only when `isReady` resolves. All that comes before, which is most of the work at this
 * end, is done meanwhile. Where it rejects, nothing is sent and the call fails with its reason.
 */
export function holdRequests<Value>(isReady: () => Promise<void>, call: () => Value): Value {
  return ready.run(isReady, call);
}

/** For whoever sends: until this resolves, nothing may leave. */
export async function mayLeave(): Promise<void> {
  await ready.getStore()?.();
}
