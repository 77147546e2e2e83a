import type { FinanceStore, SourceAccount, SourceTransaction } from "../../contracts/adapter";

/** A FinanceStore in memory that keeps what the contract says, so that what a sync left behind can be looked at. */
export class MemoryFinanceStore implements FinanceStore {
  accounts = new Map<string, SourceAccount>();
  transactions = new Map<string, SourceTransaction>();
  /** What a person wrote to a transaction: it goes along when a pending one is posted. */
  readonly notes = new Map<string, string>();
  kept: string | null = null;
  readonly commits: Parameters<FinanceStore["commit"]>[0][] = [];
  /** The next commit fails, before it did anything. */
  isFailing = false;

  async cursor(): Promise<string | null> {
    return this.kept;
  }

  async commit(change: Parameters<FinanceStore["commit"]>[0]): Promise<{ written: number; removed: number }> {
    if (this.isFailing) {
      this.isFailing = false;
      throw new Error("The store went away.");
    }
    this.commits.push(change);
    for (const account of change.accounts) this.accounts.set(account.id, account);
    let removed = 0;
    for (const transaction of change.transactions) {
      const { replacesId } = transaction;
      const note = replacesId === undefined ? undefined : this.notes.get(replacesId);
      if (note !== undefined) this.notes.set(transaction.id, note);
      if (replacesId !== undefined && this.transactions.delete(replacesId)) removed++;
      this.transactions.set(transaction.id, transaction);
    }
    for (const id of change.removed) if (this.transactions.delete(id)) removed++;
    if (change.isFull) removed += this.dropMissing(change);
    if (change.cursor !== undefined) this.kept = change.cursor;
    return { written: change.transactions.length, removed };
  }

  private dropMissing({ accounts, transactions, unread = [] }: Parameters<FinanceStore["commit"]>[0]): number {
    const told = new Set([...transactions.map(({ id }) => id), ...unread]);
    const named = new Set(accounts.map(({ id }) => id));
    const oldest = transactions.map(({ at }) => at.slice(0, 10)).sort()[0] ?? "9999";
    const missing = [...this.transactions.values()].filter(
      ({ id, accountId, at }) => !told.has(id) && named.has(accountId) && at.slice(0, 10) >= oldest,
    );
    for (const { id } of missing) this.transactions.delete(id);
    return missing.length;
  }

  /** Sum in minor units by currency; money in is positive. */
  sums(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { amount } of this.transactions.values())
      sums[amount.currency] = (sums[amount.currency] ?? 0) + amount.amountMinor;
    return sums;
  }
}
