/** What went wrong, in the words the host acts on: it asks for new credentials, waits, or tells the person. */
export type ModuleErrorCode =
  | "auth_invalid"
  | "auth_expired"
  | "rate_limited"
  | "not_found"
  | "invalid_input"
  | "upstream"
  | "schema";

/** An error an operation throws on purpose. The message is shown to the person and to the model. */
export class ModuleError extends Error {
  readonly code: ModuleErrorCode;

  constructor(code: ModuleErrorCode, message: string) {
    super(message);
    this.name = "ModuleError";
    this.code = code;
  }
}
