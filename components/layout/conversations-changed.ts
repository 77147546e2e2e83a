const name = "burgeon:conversations-changed";

/** Tells the conversation list of this tab that a conversation began, ended a run, was renamed or deleted. */
export function tellConversationsChanged(): void {
  window.dispatchEvent(new Event(name));
}

export function onConversationsChanged(listener: () => void): () => void {
  window.addEventListener(name, listener);
  return () => window.removeEventListener(name, listener);
}
