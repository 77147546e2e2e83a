/** What a person can do about a turn. The object stays the same while the conversation changes, so that nothing is drawn anew. */
export interface TurnActions {
  /** Looks at another version of the turn. */
  choose(runId: string): void;
  startEdit(runId: string): void;
  cancelEdit(): void;
  /** Asks the edited question beside the one it replaces. */
  sendEdit(runId: string, text: string): void;
  /** Asks the question again, word for word. */
  regenerate(runId: string): void;
  /** Goes on from a step, in another way. */
  fork(runId: string, step: number): void;
}
