import { randomUUID } from "node:crypto";
import { type TransactionsSyncResponse, WebhookEnvironmentValues } from "plaid";
import { failures } from "./testing-answers";
import { addDays } from "./testing-banks";
import { type ItemFacts, type Readiness, SampleItem } from "./testing-item";
import { LinkDesk } from "./testing-link";
import { postWebhook, type SampleWebhook, WebhookSigner } from "./testing-webhooks";

export interface PlaidFakeOptions {
  now?: () => Date;
  /** Where webhooks go whose item names no address of its own. */
  webhookTarget?: string;
  /** `delayed`: NOT_READY at the first question, 30 days at the second, everything after that, as at Plaid. */
  readiness?: "delayed" | "at-once" | "manual";
  seed?: string;
  clientId?: string;
  secret?: string;
}

/** The state of the fake: items, tokens, keys, and the webhooks that were sent. */
export class SampleBank {
  readonly items = new Map<string, SampleItem>();
  readonly desk: LinkDesk;
  readonly signer: WebhookSigner;
  readonly webhooks: SampleWebhook[] = [];
  /** Webhooks are kept until they are asked for. */
  isHolding = false;
  pageLimit = 500;
  readonly now: () => Date;
  private readonly removed = new Set<string>();
  private readonly epoch = randomUUID();
  private readonly options: PlaidFakeOptions;
  private readonly seed: string;

  constructor(options: PlaidFakeOptions) {
    this.options = options;
    this.now = options.now ?? (() => new Date());
    this.seed = options.seed ?? "burgeon";
    this.desk = new LinkDesk(this.now, this.seed);
    this.signer = new WebhookSigner(this.now);
  }

  today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  /** @throws FakeFailure as Plaid would answer for this token */
  item(accessToken: string, { isBrokenFine = false } = {}): SampleItem {
    const { facts, rotation } = this.desk.readAccessToken(accessToken);
    if (this.removed.has(facts.id)) throw failures.itemNotFound();
    const item = this.items.get(facts.id) ?? this.revive(facts, rotation);
    if (item.rotation !== rotation) throw failures.invalidAccessToken();
    if (item.isRevoked) throw failures.permissionRevoked();
    if (item.isLoginRequired && !isBrokenFine) throw failures.loginRequired();
    return item;
  }

  link(id: string, facts: Omit<ItemFacts, "id" | "seed" | "linkedOn">): SampleItem {
    const item = this.keep({ ...facts, id, linkedOn: this.today() });
    if (this.options.readiness === "at-once") this.advance(item, "historical");
    return item;
  }

  /** An item of an earlier start of the fake. */
  private revive(facts: Omit<ItemFacts, "seed">, rotation: number): SampleItem {
    const item = this.keep(facts);
    item.rotation = rotation;
    item.becomeReady("historical", this.today());
    return item;
  }

  private keep(facts: Omit<ItemFacts, "seed">): SampleItem {
    const item = new SampleItem({ ...facts, seed: this.seed }, this.epoch);
    item.passDays(this.today());
    this.items.set(facts.id, item);
    return item;
  }

  syncPage(item: SampleItem, cursor: string | undefined, count: number): TransactionsSyncResponse {
    const page = item.page(cursor, Math.min(count, this.pageLimit));
    if (this.options.readiness !== undefined && this.options.readiness !== "delayed") return page;
    if (item.readiness === "not-ready") this.advance(item, "initial");
    else if (item.readiness === "initial" && !page.has_more) this.advance(item, "historical");
    return page;
  }

  advance(item: SampleItem, readiness: Readiness): void {
    item.becomeReady(readiness, this.today());
    if (readiness === "initial") this.tell(item, "TRANSACTIONS", "INITIAL_UPDATE");
    if (readiness === "historical") this.tell(item, "TRANSACTIONS", "HISTORICAL_UPDATE");
    this.tell(item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE");
  }

  /** Lets the days pass for every item, as far as the clock says. */
  passDays(): void {
    for (const item of this.items.values())
      if (item.passDays(this.today())) this.tell(item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE");
  }

  remove(item: SampleItem): void {
    this.removed.add(item.facts.id);
    this.items.delete(item.facts.id);
  }

  rotateAccessToken(item: SampleItem): string {
    item.rotation++;
    return this.desk.toAccessToken(item);
  }

  resetLogin(item: SampleItem): void {
    item.isLoginRequired = true;
    this.tell(item, "ITEM", "ERROR");
  }

  /** Signs a webhook and sends it, or keeps it. */
  tell(item: SampleItem, type: string, code: string): void {
    const payload = {
      webhook_type: type,
      webhook_code: code,
      item_id: item.facts.id,
      environment: WebhookEnvironmentValues.Sandbox,
      ...this.detailsOf(item, code),
    };
    const target = item.webhook ?? this.options.webhookTarget ?? null;
    const webhook = { target, item: item.facts.id, code, signed: this.signer.sign(payload) };
    this.webhooks.push(webhook);
    if (!this.isHolding) void postWebhook(webhook);
  }

  private detailsOf(item: SampleItem, code: string): object {
    const consentEnd = item.consentExpiresAt ?? `${addDays(this.today(), 7)}T00:00:00Z`;
    if (code === "SYNC_UPDATES_AVAILABLE")
      return {
        initial_update_complete: item.readiness !== "not-ready",
        historical_update_complete: item.readiness === "historical",
      };
    if (/^(INITIAL|HISTORICAL|DEFAULT)_UPDATE$/.test(code))
      return { error: null, new_transactions: item.told().length };
    if (code === "ERROR") return { error: item.isLoginRequired ? failures.loginRequired().body : null };
    if (code === "PENDING_EXPIRATION") return { consent_expiration_time: consentEnd };
    if (code === "PENDING_DISCONNECT") return { reason: "INSTITUTION_TOKEN_EXPIRATION", disconnect_time: consentEnd };
    if (code === "USER_ACCOUNT_REVOKED") return { account_id: item.books.accountViews()[0]?.account_id ?? "" };
    return {};
  }
}
