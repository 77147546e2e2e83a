/**
 * A request that module code may not make. The message is for its author and holds no secret.
 * @param answered the status that the other side gave, where the request was sent and only its redirect is not followed
 */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly answered?: number,
  ) {
    super(message);
    this.name = "Refusal";
  }
}
