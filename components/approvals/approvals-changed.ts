const name = "burgeon:approvals-changed";

/** Tells what counts or lists open questions in this tab that one was asked or answered. */
export function tellApprovalsChanged(): void {
  window.dispatchEvent(new Event(name));
}

export function onApprovalsChanged(listener: () => void): () => void {
  window.addEventListener(name, listener);
  return () => window.removeEventListener(name, listener);
}
