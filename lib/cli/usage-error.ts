/** The command was not understood: shown as it is, exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}
