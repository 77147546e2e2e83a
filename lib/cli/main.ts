import { closeDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/contracts/errors";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { doctor } from "./doctor";
import { evaluate } from "./eval";
import { checkFolder } from "./module-check";
import { runFolder } from "./module-run";
import { rotateKey } from "./rotate-key";
import { createTokenCommand } from "./token-create";
import { UsageError } from "./usage-error";
import { createUserCommand } from "./user-create";

/** Exit codes: 0 done, 1 the answer is no (check failed, operation failed, not ready), 2 wrong usage, 3 something broke. */
type Command = (args: string[]) => Promise<0 | 1 | 3>;

const commands: Record<string, Command> = {
  doctor,
  "user create": createUserCommand,
  "token create": createTokenCommand,
  "rotate-key": rotateKey,
  "module check": checkFolder,
  "module run": runFolder,
  eval: evaluate,
};

const usage = `Usage: npm run burgeon -- <command>

  doctor [--json]                                what the installation depends on, and whether it is there
  user create --email <address> [--name <name>] [--role owner|admin|member|viewer]
                                                 the password is read from BURGEON_PASSWORD or standard input
  token create --scopes <scope,…> [--name <name>] [--days <n>] [--user <email>] [--json]
  rotate-key [--json]                            a new master key: seals everything with it and retires the old one;
                                                 may be killed and run again
  module check <folder> [--json]                 the same check that stands before every review
  module run <folder> <operation> [--input <json>] [--cassettes | --live] [--credentials <json>] [--json]
  eval [--quick] [--model <provider>:<model>] [--case <id>] [--report <file.json | file.html>] [--json]
                                                 how well a model chooses tools, on the cases of evals/cases

Exit codes: 0 done · 1 no (failed check, failed operation, not ready) · 2 wrong usage · 3 something broke`;

async function main(args: string[]): Promise<number> {
  const [first = "", second = ""] = args;
  if (first === "" || first === "help" || first === "--help") {
    process.stdout.write(`${usage}\n`);
    return first === "" ? 2 : 0;
  }
  const two = commands[`${first} ${second}`];
  const command = two ?? commands[first];
  if (!command) throw new UsageError(`There is no command "${[first, second].join(" ").trim()}".\n\n${usage}`);
  return command(args.slice(two ? 2 : 1));
}

async function end(): Promise<void> {
  await Promise.all([closeSandbox(), closeTypeChecker(), closeDatabase()]);
}

try {
  const code = await main(process.argv.slice(2));
  await end();
  process.exitCode = code;
} catch (cause) {
  const isUsage =
    cause instanceof UsageError ||
    (cause instanceof TypeError && "code" in cause && String(cause.code).startsWith("ERR_PARSE_ARGS"));
  const isKnown = isUsage || cause instanceof AppError;
  const message = cause instanceof Error ? (isKnown ? cause.message : (cause.stack ?? cause.message)) : String(cause);
  const hint = cause instanceof AppError && cause.hint ? ` ${cause.hint}` : "";
  process.stderr.write(`${message}${hint}\n`);
  await end();
  process.exitCode = isUsage ? 2 : cause instanceof AppError ? 1 : 3;
}
