import {
  type Item,
  ItemUpdateTypeEnum,
  type ItemWithConsentFields,
  ItemWithConsentFieldsUpdateTypeEnum,
  PlaidErrorType,
  Products,
  type TransactionsSyncResponse,
  TransactionsUpdateStatus,
} from "plaid";
import { failures, newRequestId, toPlaidError } from "./testing-answers";
import { addDays, type SampleAccount, type SampleInstitution } from "./testing-banks";
import { type Booked, SampleBooks } from "./testing-books";

export type Readiness = "not-ready" | "initial" | "historical";

export interface ItemFacts {
  id: string;
  institution: SampleInstitution;
  accounts: readonly SampleAccount[];
  /** Day of the link: the books end there at first. */
  linkedOn: string;
  daysRequested: number;
  seed: string;
  webhook: string | null;
}

/** Where a cursor of the fake stands. `head` and `offset`: in the middle of a loop. */
interface Position {
  item: string;
  epoch: string;
  base: number;
  head?: number;
  offset?: number;
}

const consentMs = 180 * 24 * 60 * 60_000;

/** One linked bank: the books behind it and what Plaid has told of them. */
export class SampleItem {
  readonly facts: ItemFacts;
  readonly books: SampleBooks;
  webhook: string | null;
  readiness: Readiness = "not-ready";
  isLoginRequired = false;
  isRevoked = false;
  consentExpiresAt: string | null = null;
  /** Raised with every access token that was made void. */
  rotation = 0;
  private count = 0;
  private readonly epoch: string;

  /** @param epoch of this start of the fake: a cursor of an earlier one is read as "from the beginning" */
  constructor(facts: ItemFacts, epoch: string) {
    this.facts = facts;
    this.webhook = facts.webhook;
    this.epoch = epoch;
    const { seed, id: itemId, institution, accounts, linkedOn: startsOn } = facts;
    this.books = new SampleBooks({ seed, itemId, institution, accounts, startsOn });
  }

  /** The person went through the dialog again: a consent that ends does so half a year from now. */
  renew(now: Date): void {
    this.isLoginRequired = false;
    if (this.consentExpiresAt !== null) this.consentExpiresAt = new Date(now.getTime() + consentMs).toISOString();
  }

  /** Lets the days pass. @returns whether there is news for who synchronises */
  passDays(today: string): boolean {
    const { added, removed } = this.books.fill(today);
    if (this.readiness === "not-ready") {
      for (const line of removed) this.books.booked.delete(line.transaction.transaction_id);
      return false;
    }
    for (const line of removed) this.markRemoved(line);
    for (const line of added) if (this.isTold(line, today)) this.markAdded(line);
    return added.length + removed.length > 0;
  }

  /** Makes more of the books known to Plaid, oldest first. */
  becomeReady(readiness: Readiness, today: string): void {
    this.readiness = readiness;
    const lines = [...this.books.booked.values()].filter((line) => line.addedAt === 0 && this.isTold(line, today));
    lines.sort((one, other) => one.transaction.date.localeCompare(other.transaction.date));
    for (const line of lines) this.markAdded(line);
  }

  markAdded(line: Booked): void {
    this.count++;
    line.addedAt = this.count;
    line.changedAt = this.count;
  }
  markChanged(line: Booked): void {
    this.count++;
    line.changedAt = this.count;
  }
  markRemoved(line: Booked): void {
    this.count++;
    line.removedAt = this.count;
    line.changedAt = this.count;
  }

  /** What Plaid would say there is now. */
  told(): Booked[] {
    return [...this.books.booked.values()].filter((line) => line.addedAt > 0 && line.removedAt === 0);
  }

  /** One page of /transactions/sync. @param count as asked for, or what the fake was told to give at most */
  page(cursor: string | undefined, count: number): TransactionsSyncResponse {
    const at = this.readCursor(cursor);
    if (this.readiness === "not-ready")
      return this.toPage([], at.base, { status: TransactionsUpdateStatus.NotReady, nextCursor: "", hasMore: false });
    if (at.head !== undefined && at.head !== this.count) throw failures.mutation();
    const news = [...this.books.booked.values()]
      .filter((line) => line.addedAt > 0 && line.changedAt > at.base)
      .sort((one, other) => one.changedAt - other.changedAt);
    const offset = at.offset ?? 0;
    const hasMore = offset + count < news.length;
    const next: Position = { item: this.facts.id, epoch: this.epoch, base: hasMore ? at.base : this.count };
    if (hasMore) Object.assign(next, { head: this.count, offset: offset + count });
    const status =
      this.readiness === "initial"
        ? TransactionsUpdateStatus.InitialUpdateComplete
        : TransactionsUpdateStatus.HistoricalUpdateComplete;
    return this.toPage(news.slice(offset, offset + count), at.base, { status, nextCursor: encode(next), hasMore });
  }

  view(): ItemWithConsentFields {
    return {
      item_id: this.facts.id,
      institution_id: this.facts.institution.id,
      institution_name: this.facts.institution.name,
      webhook: this.webhook,
      error: this.isLoginRequired
        ? toPlaidError(PlaidErrorType.ItemError, "ITEM_LOGIN_REQUIRED", "the login details have changed", 400)
        : null,
      available_products: [Products.Balance],
      billed_products: [Products.Transactions],
      products: [Products.Transactions],
      consented_products: [Products.Transactions],
      consent_expiration_time: this.consentExpiresAt,
      update_type: ItemWithConsentFieldsUpdateTypeEnum.Background,
      created_at: `${this.facts.linkedOn}T00:00:00Z`,
    } satisfies ItemWithConsentFields;
  }

  /** The same as other answers than /item/get have it. */
  plainView(): Item {
    return { ...this.view(), update_type: ItemUpdateTypeEnum.Background };
  }

  /** What Plaid tells of: 30 days at first, later as many as were asked for. */
  private isTold(line: Booked, today: string): boolean {
    const days = this.readiness === "initial" ? Math.min(30, this.facts.daysRequested) : this.facts.daysRequested;
    const first = this.readiness === "initial" ? addDays(today, -days) : addDays(this.facts.linkedOn, -days);
    return line.transaction.date > first;
  }

  private toPage(
    lines: readonly Booked[],
    base: number,
    { status, nextCursor, hasMore }: { status: TransactionsUpdateStatus; nextCursor: string; hasMore: boolean },
  ): TransactionsSyncResponse {
    const present = lines.filter((line) => line.removedAt === 0);
    const touched = new Set(present.map((line) => line.transaction.account_id));
    return {
      accounts: this.books.accountViews().filter((account) => touched.has(account.account_id)),
      added: present.filter((line) => line.addedAt > base).map((line) => line.transaction),
      modified: present.filter((line) => line.addedAt <= base).map((line) => line.transaction),
      // Also of ones that this reader never saw: a removal of an unknown id is to be borne.
      removed: lines
        .filter((line) => line.removedAt > 0)
        .map(({ transaction }) => ({ transaction_id: transaction.transaction_id, account_id: transaction.account_id })),
      next_cursor: nextCursor,
      has_more: hasMore,
      transactions_update_status: status,
      request_id: newRequestId(),
    } satisfies TransactionsSyncResponse;
  }

  private readCursor(cursor: string | undefined): Position {
    const start: Position = { item: this.facts.id, epoch: this.epoch, base: 0 };
    if (!cursor) return start;
    let position: Position;
    try {
      position = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    } catch {
      throw failures.invalidField("cursor must be a valid base64 encoded string");
    }
    if (position.item !== this.facts.id) throw failures.invalidField("cursor not associated with access_token");
    return position.epoch === this.epoch ? position : start;
  }
}

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64");
}
