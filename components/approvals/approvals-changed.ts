const name = "burgeon:approvals-changed";
// A page with many questions tells of all of them at once; whoever listens reads once.
const waitMs = 100;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells what counts or lists open questions in this tab that one was asked or answered; in a moment, and once for several. */
export function tellApprovalsChanged(): void {
  clearTimeout(timer);
  timer = setTimeout(() => window.dispatchEvent(new Event(name)), waitMs);
}

export function onApprovalsChanged(listener: () => void): () => void {
  window.addEventListener(name, listener);
  return () => window.removeEventListener(name, listener);
}
