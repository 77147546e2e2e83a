/** A request that module code may not make. The message is for its author and holds no secret. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refusal";
  }
}
