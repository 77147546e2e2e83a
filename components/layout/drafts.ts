const prefix = "burgeon.draft.";

// Browsers refuse storage in private windows and when it is full; a draft is a kindness, not a promise.
function withStorage<T>(fallback: T, work: (storage: Storage) => T): T {
  try {
    return work(window.localStorage);
  } catch {
    return fallback;
  }
}

/** What was typed and not sent in this conversation; `null` is the conversation that has not begun. */
export function readDraft(conversationId: string | null): string {
  return withStorage("", (storage) => storage.getItem(prefix + (conversationId ?? "new")) ?? "");
}

export function keepDraft(conversationId: string | null, text: string): void {
  const key = prefix + (conversationId ?? "new");
  withStorage(undefined, (storage) => (text === "" ? storage.removeItem(key) : storage.setItem(key, text)));
}

/** At sign-out: the next person at this browser reads nothing of this one. */
export function forgetDrafts(): void {
  withStorage(undefined, (storage) => {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    for (const key of keys) if (key?.startsWith(prefix)) storage.removeItem(key);
  });
}
