import { AsyncLocalStorage } from "node:async_hooks";

// What is made during a call, such as a connection that stays open for the next one, keeps its surroundings for as long as it lives:
// so they hold what to wait for only until the call is over.
const surroundings = new AsyncLocalStorage<{ isReady: (() => Promise<void>) | null }>();

/**
 * Makes a call of a model whose request leaves only when `isReady` resolves. All that comes before, which is most of the work at this
 * end, is done meanwhile. Where it rejects, nothing is sent and the call fails with its reason.
 */
export async function holdRequests<Value>(isReady: () => Promise<void>, call: () => Promise<Value>): Promise<Value> {
  const held: { isReady: (() => Promise<void>) | null } = { isReady };
  try {
    return await surroundings.run(held, call);
  } finally {
    held.isReady = null;
  }
}

/** For whoever sends: until this resolves, nothing may leave. */
export async function mayLeave(): Promise<void> {
  await surroundings.getStore()?.isReady?.();
}
