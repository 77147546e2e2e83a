import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { hashPassword, requireGoodPassword } from "@/lib/auth/password";
import { asSystem, roles } from "@/lib/contracts/viewer";
import { appendAudit } from "@/lib/db/audit";
import { createFirstUser, createUser, hasUsers } from "@/lib/db/users";
import { print, printJson } from "./print";
import { UsageError } from "./usage-error";

/** Makes an account; the first one is the owner. The password never stands in the arguments, where other programs could read it. */
export async function createUserCommand(args: string[]): Promise<0 | 1> {
  const { values } = parseArgs({
    args,
    options: {
      email: { type: "string" },
      name: { type: "string" },
      role: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const { email } = values;
  if (!email || !/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError("user create needs --email <address>.");
  const wanted = roles.find((role) => role === (values.role ?? "member"));
  if (!wanted) throw new UsageError(`--role is one of ${roles.join(", ")}.`);
  const password = process.env.BURGEON_PASSWORD ?? (await text(process.stdin)).replace(/\r?\n$/, "");
  requireGoodPassword(password);
  const isFirst = !(await hasUsers(asSystem("cli")));
  const account = {
    email,
    name: values.name ?? email.split("@")[0] ?? email,
    role: isFirst ? ("owner" as const) : wanted,
    passwordHash: await hashPassword(password),
  };
  const user =
    (isFirst ? await createFirstUser(asSystem("cli"), account) : null) ??
    (await createUser(asSystem("cli"), { ...account, role: wanted }));
  await appendAudit(
    { ...asSystem("cli"), userId: user.id },
    { action: "user-created", subject: user.id, detail: { role: user.role } },
  );
  if (values.json) printJson({ id: user.id, email: user.email, role: user.role });
  else print(`${user.email} can sign in now, as ${user.role}.`);
  return 0;
}
