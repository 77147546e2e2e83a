import { splitWords } from "./split-words";

export interface Recognisable {
  id: string;
  connectionId: string | null;
  mergedIntoId: string | null;
  persistentId: string | null;
  institution: string | null;
  mask: string | null;
  type: string;
  currency: string;
}

/**
 * The account that this one is, linked anew or given as a file: of another connection, with the same lasting mark, or with
 * the same institution, last digits and type. Where several could be meant, none is: a person can tell them apart, we cannot.
 * @param older accounts that were there before it
 * @param isParted true for pairs that a person has split
 */
export function findTwin<Account extends Recognisable>(
  account: Recognisable,
  older: readonly Account[],
  isParted: (rootId: string, id: string) => boolean,
): { twin: Account; reason: string } | null {
  const others = older.filter(
    ({ id, connectionId, currency }) =>
      id !== account.id &&
      (connectionId === null || connectionId !== account.connectionId) &&
      (currency === account.currency || currency === noCurrency || account.currency === noCurrency),
  );
  const byMark = others.filter(({ persistentId }) => persistentId !== null && persistentId === account.persistentId);
  const byDigits = others.filter((other) => hasSameDigits(account, other));
  const found = byMark.length > 0 ? byMark : byDigits;
  const roots = new Set(found.map(({ id, mergedIntoId }) => mergedIntoId ?? id));
  const [twin] = found;
  const [root] = roots;
  if (!twin || root === undefined || roots.size > 1 || root === account.id || isParted(root, account.id)) return null;
  const reason =
    byMark.length > 0
      ? "Its bank gives it the same lasting mark."
      : "It has the same bank, the same last digits and the same type.";
  return { twin, reason };
}

/** ISO 4217 for "no currency": nothing has told it yet. */
export const noCurrency = "XXX";

function hasSameDigits(one: Recognisable, other: Recognisable): boolean {
  if (one.persistentId !== null && other.persistentId !== null) return false;
  if (one.mask === null || one.institution === null || other.institution === null) return false;
  const nameOf = (text: string) => splitWords(text).join(" ");
  return one.mask === other.mask && one.type === other.type && nameOf(one.institution) === nameOf(other.institution);
}
