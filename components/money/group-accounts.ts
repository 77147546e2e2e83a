import type { AccountView } from "@/lib/contracts/finance";

export interface AccountGroup {
  currency: string;
  accounts: AccountView[];
  /** What they come to, debts taken off; null where no balance is known. */
  totalMinor: number | null;
  /** How many accounts the sum stands on, and how many have no balance to add. */
  counted: number;
  uncounted: number;
}

/** The accounts that are shown, by currency; the currency with most accounts first. Nothing is added across. */
export function groupAccounts(accounts: readonly AccountView[]): AccountGroup[] {
  const groups = new Map<string, AccountView[]>();
  for (const account of accounts)
    if (!account.isHidden) groups.set(account.currency, [...(groups.get(account.currency) ?? []), account]);
  return [...groups]
    .map(([currency, members]) => {
      const balances = members.flatMap(({ balanceMinor }) => balanceMinor ?? []);
      return {
        currency,
        accounts: members,
        totalMinor: balances.length > 0 ? balances.reduce((sum, balance) => sum + balance, 0) : null,
        counted: balances.length,
        uncounted: members.length - balances.length,
      };
    })
    .sort((a, b) => b.accounts.length - a.accounts.length || (a.currency < b.currency ? -1 : 1));
}
