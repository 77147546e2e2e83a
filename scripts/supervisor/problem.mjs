/** Something a person can act on: shown as one sentence, without a stack trace. */
export class Problem extends Error {
  name = "Problem";
}

/** Ends the process: a Problem as its sentence, anything else with its stack, because then it is a bug. */
export function exitWith(error) {
  const text = error instanceof Problem ? `✗ ${error.message}` : `✗ ${error?.stack ?? error}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
