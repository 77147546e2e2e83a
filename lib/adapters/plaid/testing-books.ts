import {
  type AccountBase,
  AccountHolderCategory,
  AccountType,
  PersonalFinanceCategoryVersion,
  type Transaction,
  TransactionPaymentChannelEnum,
} from "plaid";
import { addDays, chanceOf, idOf, type SampleAccount, type SampleInstitution } from "./testing-banks";
import { entriesOn, type SampleEntry } from "./testing-spending";

/** How far back the books of a bank go: about 14 months. */
const historyDays = 426;
/** A card payment is pending on its day and the day after. */
const pendingDays = 2;

/** One line of the books. The numbers say when, in the item's own count, Plaid learnt of it; 0: not yet. */
export interface Booked {
  transaction: Transaction;
  /** Exact, in minor units. Plaid's sign: positive = money out. */
  cents: number;
  account: SampleAccount;
  /** What the posted form of a pending one will be. */
  posted: SampleEntry | null;
  addedAt: number;
  changedAt: number;
  removedAt: number;
}

/** What the bank itself knows of the accounts of one item, day by day. */
export class SampleBooks {
  readonly booked = new Map<string, Booked>();
  private filledUntil: string;
  private readonly seed: string;
  private readonly itemId: string;
  private readonly institution: SampleInstitution;
  private readonly accounts: readonly SampleAccount[];

  constructor(facts: {
    seed: string;
    itemId: string;
    institution: SampleInstitution;
    accounts: readonly SampleAccount[];
    startsOn: string;
  }) {
    this.seed = facts.seed;
    this.itemId = facts.itemId;
    this.institution = facts.institution;
    this.accounts = facts.accounts;
    this.filledUntil = addDays(facts.startsOn, -historyDays);
  }

  accountId(account: SampleAccount): string {
    return idOf(`account/${this.itemId}/${account.key}`);
  }

  /** Writes the days up to `today` and posts what was pending long enough. */
  fill(today: string): { added: Booked[]; removed: Booked[] } {
    const added: Booked[] = [];
    const removed: Booked[] = [];
    for (const line of [...this.booked.values()]) {
      const isDue =
        line.posted !== null && line.removedAt === 0 && addDays(line.transaction.date, pendingDays) <= today;
      if (isDue) {
        removed.push(line);
        added.push(this.post(line));
      }
    }
    for (let date = addDays(this.filledUntil, 1); date <= today; date = addDays(date, 1)) {
      for (const entry of entriesOn(this.seed, this.institution, date)) {
        const account = this.accounts.find(({ key }) => key === entry.account);
        if (account) added.push(this.write(account, entry, date, entry.isCard && addDays(date, pendingDays) > today));
      }
      this.filledUntil = date;
    }
    return { added, removed };
  }

  /** The posted form of a pending line, written under an id of its own. */
  post(line: Booked): Booked {
    if (line.posted === null) throw new Error("Only what is pending can be posted.");
    const written = this.write(line.account, line.posted, line.transaction.date, false);
    written.transaction.pending_transaction_id = line.transaction.transaction_id;
    line.posted = null;
    return written;
  }

  write(account: SampleAccount, entry: SampleEntry, date: string, isPending: boolean): Booked {
    const key = `${this.itemId}/${date}/${entry.key}`;
    const cents = isPending ? (entry.pendingCents ?? entry.cents) : entry.cents;
    const transaction = toTransaction(account, entry, date, {
      id: idOf(`${isPending ? "pending" : "posted"}/${key}`),
      accountId: this.accountId(account),
      cents,
      isPending,
      pendingId: entry.isCard && !isPending ? idOf(`pending/${key}`) : null,
    });
    const line: Booked = {
      transaction,
      cents,
      account,
      posted: isPending ? entry : null,
      addedAt: 0,
      changedAt: 0,
      removedAt: 0,
    };
    this.booked.set(transaction.transaction_id, line);
    return line;
  }

  accountViews(): AccountBase[] {
    return this.accounts.map((account) => this.accountView(account));
  }

  private accountView(account: SampleAccount): AccountBase {
    const sum = (isPending: boolean) =>
      [...this.booked.values()]
        .filter((line) => line.account === account && line.removedAt === 0 && line.transaction.pending === isPending)
        .reduce((total, line) => total + line.cents, 0);
    const { openingMinor: opening, limitMinor: limit } = account;
    const isDebt = account.type === AccountType.Credit || account.type === AccountType.Loan;
    const current = opening === null ? null : opening + (isDebt ? 1 : -1) * sum(false);
    const available =
      current === null || account.type === AccountType.Loan || account.type === AccountType.Investment
        ? null
        : account.type === AccountType.Credit
          ? (limit ?? 0) - current - sum(true)
          : current - sum(true);
    return {
      account_id: this.accountId(account),
      balances: {
        available: toAmount(available, account),
        current: toAmount(current, account),
        limit: toAmount(limit, account),
        iso_currency_code: account.currency.iso,
        unofficial_currency_code: account.currency.unofficial,
      },
      mask: account.mask,
      name: account.name,
      official_name: account.officialName,
      type: account.type,
      subtype: account.subtype,
      holder_category: AccountHolderCategory.Personal,
      ...(account.isPersistent ? { persistent_account_id: idOf(`${this.institution.id}/${account.key}`) } : {}),
    } satisfies AccountBase;
  }
}

/** As JSON has it: the shortest decimal that means it. */
function toAmount(minor: number, account: SampleAccount): number;
function toAmount(minor: number | null, account: SampleAccount): number | null;
function toAmount(minor: number | null, account: SampleAccount): number | null {
  return minor === null ? null : minor / 10 ** account.digits;
}

/** Changes a line's amount; both forms of it together. */
export function setCents(line: Booked, cents: number): void {
  line.cents = cents;
  line.transaction.amount = toAmount(cents, line.account);
}

function toTransaction(
  account: SampleAccount,
  entry: SampleEntry,
  date: string,
  facts: { id: string; accountId: string; cents: number; isPending: boolean; pendingId: string | null },
): Transaction {
  const at = entry.time === null ? null : `${date}T${entry.time}:00Z`;
  return {
    transaction_id: facts.id,
    account_id: facts.accountId,
    amount: toAmount(facts.cents, account),
    iso_currency_code: account.currency.iso,
    unofficial_currency_code: account.currency.unofficial,
    category: null,
    category_id: null,
    check_number: null,
    date,
    datetime: facts.isPending ? null : at,
    authorized_date: date,
    authorized_datetime: at,
    location: {
      address: null,
      city: null,
      region: null,
      postal_code: null,
      country: null,
      lat: null,
      lon: null,
      store_number: null,
    },
    name: entry.name,
    merchant_name: entry.merchant,
    merchant_entity_id: entry.merchant === null ? null : idOf(`merchant/${entry.merchant}`),
    original_description: entry.merchant === null ? null : `${entry.name} ${Math.floor(chanceOf(facts.id) * 1e6)}`,
    payment_meta: {
      reference_number: null,
      ppd_id: null,
      payee: null,
      by_order_of: null,
      payer: null,
      payment_method: null,
      payment_processor: null,
      reason: null,
    },
    pending: facts.isPending,
    pending_transaction_id: facts.pendingId,
    account_owner: null,
    payment_channel: channels[entry.channel],
    personal_finance_category: {
      primary: primaryOf(entry.category),
      detailed: entry.category,
      confidence_level: "VERY_HIGH",
      version: PersonalFinanceCategoryVersion.V2,
    },
    transaction_code: null,
    counterparties: [],
    logo_url: null,
    website: null,
  } satisfies Transaction;
}

const channels = {
  online: TransactionPaymentChannelEnum.Online,
  "in store": TransactionPaymentChannelEnum.InStore,
  other: TransactionPaymentChannelEnum.Other,
} as const;

const primaries = [
  "INCOME",
  "TRANSFER_IN",
  "TRANSFER_OUT",
  "LOAN_PAYMENTS",
  "BANK_FEES",
  "ENTERTAINMENT",
  "FOOD_AND_DRINK",
  "GENERAL_MERCHANDISE",
  "MEDICAL",
  "PERSONAL_CARE",
  "TRANSPORTATION",
  "RENT_AND_UTILITIES",
];
function primaryOf(detailed: string): string {
  return primaries.find((primary) => detailed.startsWith(`${primary}_`)) ?? "OTHER";
}
