import { failures } from "./testing-answers";
import type { SampleBank } from "./testing-bank";
import { type SampleInstitution, sampleInstitutions } from "./testing-banks";
import { type Booked, setCents } from "./testing-books";
import type { Readiness, SampleItem } from "./testing-item";
import { findInstitution } from "./testing-link";
import type { RequestBody } from "./testing-routes";
import type { SampleEntry } from "./testing-spending";
import { postWebhook, type SampleWebhook, type SignedWebhook, type SigningOptions } from "./testing-webhooks";

export interface FakeFault {
  /** Null: whatever comes. */
  path: string | null;
  skip: number;
  times: number;
  effect: { response(): Response } | { before(): Promise<void> };
}
export type FaultKind =
  | keyof Pick<
      typeof failures,
      "internal" | "institutionDown" | "invalidKeys" | "loginRequired" | "mutation" | "productNotReady" | "rateLimited"
    >
  /** A gateway's page of HTML. */
  | "gateway"
  /** No answer until `release()`. */
  | "hold";

/** What there is at the bank, in exact minor units. Plaid's sign: positive = money out. */
export interface SampleTransaction {
  id: string;
  itemId: string;
  accountId: string;
  date: string;
  cents: number;
  currency: string | null;
  name: string;
  merchant: string | null;
  category: string | null;
  pending: boolean;
  /** The pending one that it is the posted form of. */
  replacesId: string | null;
}

export interface PlaidFakeControl {
  institutions: readonly SampleInstitution[];
  items(): { itemId: string; institutionId: string; accessToken: string; readiness: Readiness }[];
  /** The truth that a reader who has read everything must hold, sorted by day. Of one item, or of all. */
  transactions(itemId?: string): SampleTransaction[];
  /** As after the dialog: a token to exchange. `accounts`: their keys; left out: all. */
  publicToken(
    institutionId: string,
    options?: { accounts?: string[]; daysRequested?: number; webhook?: string; expiresAt?: Date },
  ): string;
  setReadiness(itemId: string, readiness: Readiness): void;
  /** @returns the id */
  add(itemId: string, entry: Partial<SampleEntry> & { account: string; cents: number; date?: string }): string;
  modify(id: string, change: { cents?: number; name?: string; merchant?: string }): void;
  remove(id: string): void;
  /** Pending becomes posted. @returns the new id */
  post(id: string): string;
  resetLogin(itemId: string): void;
  repairLogin(itemId: string): void;
  revoke(itemId: string): void;
  setConsentEnd(itemId: string, at: string | null): void;
  /** Sends a webhook, whatever its code. */
  tell(itemId: string, type: string, code: string): void;
  /** The next `times` calls of `path` go wrong, after `skip` that do not. `retryAfter`: the header, as it shall be sent. */
  fail(fault: { kind: FaultKind; path?: string; skip?: number; times?: number; retryAfter?: string }): void;
  clearFaults(): void;
  /** Lets go whom `hold` holds. */
  release(): void;
  /** No page is longer. */
  setPageLimit(count: number): void;
  /** A new signing key. @param oldExpiresInMs when the old one ends; null: it does not */
  rotateKeys(oldExpiresInMs: number | null): string;
  sign(payload: object, options?: SigningOptions): SignedWebhook;
  webhooks: readonly SampleWebhook[];
  /** From now on webhooks wait for `deliver`. */
  holdWebhooks(): void;
  /** Posts these, in this order. @returns the statuses; null: nobody answered */
  deliver(webhooks: readonly SampleWebhook[]): Promise<(number | null)[]>;
  requests: readonly { path: string; body: RequestBody }[];
}

/** The handles that a test moves the fake with. */
export function createControl(
  bank: SampleBank,
  faults: FakeFault[],
  requests: readonly { path: string; body: RequestBody }[],
): PlaidFakeControl {
  return {
    institutions: sampleInstitutions,
    requests,
    webhooks: bank.webhooks,
    items: () =>
      [...bank.items.values()].map((item) => ({
        itemId: item.facts.id,
        institutionId: item.facts.institution.id,
        accessToken: bank.desk.toAccessToken(item),
        readiness: item.readiness,
      })),
    transactions(itemId) {
      const items = itemId === undefined ? [...bank.items.values()] : [findItem(bank, itemId)];
      return items
        .flatMap((item) => item.told().map((line) => toSample(item, line)))
        .sort((one, other) => one.date.localeCompare(other.date) || one.id.localeCompare(other.id));
    },
    publicToken(institutionId, { accounts, daysRequested = 730, webhook = null, expiresAt } = {}) {
      const facts = { daysRequested, webhook, expiresAt };
      const token = bank.desk.createPublicToken(findInstitution(institutionId), facts);
      return accounts ? `${token}~${accounts.join("-")}` : token;
    },
    ...bookHandles(bank),
    ...itemHandles(bank),
    ...faultHandles(faults),
    setPageLimit(count) {
      bank.pageLimit = count;
    },
    rotateKeys: (oldExpiresInMs) => bank.signer.rotate(oldExpiresInMs),
    sign: (payload, options) => bank.signer.sign(payload, options),
    holdWebhooks() {
      bank.isHolding = true;
    },
    async deliver(webhooks) {
      const statuses: (number | null)[] = [];
      for (const webhook of webhooks) statuses.push(await postWebhook(webhook));
      return statuses;
    },
  };
}

function bookHandles(bank: SampleBank): Pick<PlaidFakeControl, "add" | "modify" | "remove" | "post"> {
  const changed = (item: SampleItem) => bank.tell(item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE");
  let made = 0;
  return {
    add(itemId, { date = bank.today(), ...entry }) {
      const item = findItem(bank, itemId);
      const account = item.facts.accounts.find(({ key }) => key === entry.account);
      if (!account) throw new Error(`There is no account ${entry.account} in this item.`);
      made++;
      const whole: SampleEntry = {
        key: `made-${made}`,
        name: "SAMPLE PURCHASE",
        merchant: null,
        category: "GENERAL_MERCHANDISE_OTHER_GENERAL_MERCHANDISE",
        channel: "other",
        isCard: false,
        time: null,
        ...entry,
      };
      const line = item.books.write(account, whole, date, whole.isCard);
      item.markAdded(line);
      changed(item);
      return line.transaction.transaction_id;
    },
    modify(id, { cents, name, merchant }) {
      const { item, line } = findLine(bank, id);
      if (cents !== undefined) setCents(line, cents);
      if (name !== undefined) line.transaction.name = name;
      if (merchant !== undefined) line.transaction.merchant_name = merchant;
      item.markChanged(line);
      changed(item);
    },
    remove(id) {
      const { item, line } = findLine(bank, id);
      line.posted = null;
      item.markRemoved(line);
      changed(item);
    },
    post(id) {
      const { item, line } = findLine(bank, id);
      const posted = item.books.post(line);
      item.markRemoved(line);
      item.markAdded(posted);
      changed(item);
      return posted.transaction.transaction_id;
    },
  };
}

function itemHandles(
  bank: SampleBank,
): Pick<PlaidFakeControl, "setReadiness" | "resetLogin" | "repairLogin" | "revoke" | "setConsentEnd" | "tell"> {
  return {
    setReadiness: (itemId, readiness) => bank.advance(findItem(bank, itemId), readiness),
    resetLogin: (itemId) => bank.resetLogin(findItem(bank, itemId)),
    repairLogin(itemId) {
      const item = findItem(bank, itemId);
      item.isLoginRequired = false;
      bank.tell(item, "ITEM", "LOGIN_REPAIRED");
    },
    revoke(itemId) {
      const item = findItem(bank, itemId);
      item.isRevoked = true;
      bank.tell(item, "ITEM", "USER_PERMISSION_REVOKED");
    },
    setConsentEnd(itemId, at) {
      const item = findItem(bank, itemId);
      item.consentExpiresAt = at;
      if (at !== null) bank.tell(item, "ITEM", "PENDING_EXPIRATION");
    },
    tell: (itemId, type, code) => bank.tell(findItem(bank, itemId), type, code),
  };
}

function faultHandles(faults: FakeFault[]): Pick<PlaidFakeControl, "fail" | "clearFaults" | "release"> {
  const held: (() => void)[] = [];
  return {
    fail({ kind, path = null, skip = 0, times = 1, retryAfter }) {
      const effect: FakeFault["effect"] =
        kind === "hold"
          ? { before: () => new Promise((resolve) => void held.push(resolve)) }
          : { response: () => toResponse(kind, retryAfter) };
      faults.push({ path, skip, times, effect });
    },
    clearFaults() {
      faults.length = 0;
    },
    release() {
      for (const resolve of held.splice(0)) resolve();
    },
  };
}

function toResponse(kind: Exclude<FaultKind, "hold">, retryAfter: string | undefined): Response {
  if (kind === "gateway") return new Response("<h1>502 Bad Gateway</h1>", { status: 502 });
  if (kind === "rateLimited") return failures.rateLimited(retryAfter).toResponse();
  return failures[kind]().toResponse();
}

function findItem(bank: SampleBank, itemId: string): SampleItem {
  const item = bank.items.get(itemId);
  if (!item) throw new Error(`There is no item ${itemId}.`);
  return item;
}

function findLine(bank: SampleBank, id: string): { item: SampleItem; line: Booked } {
  for (const item of bank.items.values()) {
    const line = item.books.booked.get(id);
    if (line && line.removedAt === 0) return { item, line };
  }
  throw new Error(`There is no transaction ${id}.`);
}

function toSample(item: SampleItem, { transaction, cents }: Booked): SampleTransaction {
  return {
    id: transaction.transaction_id,
    itemId: item.facts.id,
    accountId: transaction.account_id,
    date: transaction.date,
    cents,
    currency: transaction.iso_currency_code,
    name: transaction.name,
    merchant: transaction.merchant_name ?? null,
    category: transaction.personal_finance_category?.detailed ?? null,
    pending: transaction.pending,
    replacesId: transaction.pending_transaction_id,
  };
}
