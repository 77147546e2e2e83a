import { parseArgs } from "node:util";
import { ensureOwner } from "@/lib/auth/first-run";
import { createToken } from "@/lib/auth/tokens";
import { AppError } from "@/lib/contracts/errors";
import { asSystem, type Scope, scopes, type Viewer } from "@/lib/contracts/viewer";
import { findAccountByEmail, findOwner } from "@/lib/db/users";
import { print, printJson } from "./print";
import { UsageError } from "./usage-error";

/** Makes a token for the owner, or for --user. Whoever can run this can read the database anyway. */
export async function createTokenCommand(args: string[]): Promise<0 | 1> {
  const { values } = parseArgs({
    args,
    options: {
      scopes: { type: "string" },
      name: { type: "string" },
      days: { type: "string" },
      user: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const wanted = (values.scopes ?? "")
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean);
  const unknown = wanted.filter((scope) => !scopes.some((known) => known === scope));
  if (wanted.length === 0 || unknown.length > 0)
    throw new UsageError(
      `${unknown.length > 0 ? `Unknown scope ${unknown.join(", ")}. ` : ""}--scopes takes any of ${scopes.join(",")}.`,
    );
  const days = Number(values.days ?? "90");
  if (!Number.isInteger(days) || days < 1 || days > 365) throw new UsageError("--days is a number from 1 to 365.");
  const viewer = await findPerson(values.user);
  const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString();
  const { token, view } = await createToken(viewer, {
    name: values.name ?? "Made on the command line",
    scopes: wanted as Scope[],
    expiresAt,
  });
  if (values.json) printJson({ token, id: view.id, scopes: view.scopes, expiresAt });
  else print(`${token}\nIt is shown this once. Rights: ${view.scopes.join(", ")}. Ends ${expiresAt.slice(0, 10)}.`);
  return 0;
}

async function findPerson(email: string | undefined): Promise<Viewer> {
  await ensureOwner();
  const user =
    email === undefined ? await findOwner(asSystem("cli")) : await findAccountByEmail(asSystem("cli"), email);
  if (!user)
    throw new AppError(
      "not-found",
      email === undefined ? "There is no owner yet." : "There is no account with this email address.",
      {
        hint: "Open Burgeon in a browser, or run: npm run burgeon -- user create --email you@example.org",
      },
    );
  return { kind: "viewer", userId: user.id, role: user.role, via: "cli", scopes };
}
