import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { FakeFailure, failures } from "./testing-answers";
import { type SampleAccount, type SampleInstitution, sampleInstitutions } from "./testing-banks";
import type { ItemFacts, SampleItem } from "./testing-item";

export interface LinkRequest {
  countryCodes: readonly string[];
  clientName: string;
  daysRequested: number;
  webhook: string | null;
  redirectUri: string | null;
  /** Update mode: the item to mend. */
  item: SampleItem | null;
}

/**
 * What the dialog needs, inside the link token itself: the page it runs in may talk to nobody but its own host. One public
 * token per bank is made beforehand; which accounts were chosen is written behind it by the dialog.
 */
export interface LinkTokenContent {
  id: string;
  clientName: string;
  mode: "create" | "update";
  expiresAt: string;
  institutions: {
    id: string;
    name: string;
    publicToken: string;
    accounts: { id: string; name: string; mask: string | null; type: string; subtype: string | null }[];
  }[];
}

interface LinkToken {
  token: string;
  content: LinkTokenContent;
  request: LinkRequest;
  createdAt: Date;
}
interface PublicToken {
  institution: SampleInstitution;
  daysRequested: number;
  webhook: string | null;
  expiresAt: Date;
  isUsed: boolean;
  item: SampleItem | null;
}

const minuteMs = 60_000;
const linkTokenMs = 4 * 60 * minuteMs;
const updateTokenMs = 30 * minuteMs;
const publicTokenMs = 30 * minuteMs;

/** Link tokens, public tokens and access tokens of the fake. */
export class LinkDesk {
  private readonly links = new Map<string, LinkToken>();
  private readonly publics = new Map<string, PublicToken>();
  private readonly now: () => Date;
  private readonly seed: string;

  constructor(now: () => Date, seed: string) {
    this.now = now;
    this.seed = seed;
  }

  create(request: LinkRequest): LinkToken {
    const createdAt = this.now();
    const expiresAt = new Date(createdAt.getTime() + (request.item ? updateTokenMs : linkTokenMs));
    const offered = request.item ? [request.item.facts.institution] : sampleInstitutions;
    const content: LinkTokenContent = {
      id: randomUUID(),
      clientName: request.clientName,
      mode: request.item ? "update" : "create",
      expiresAt: expiresAt.toISOString(),
      institutions: offered
        .filter(({ country }) => request.item !== null || request.countryCodes.includes(country))
        .map((institution) => ({
          id: institution.id,
          name: institution.name,
          // Plaid's half hour begins when the person is done, which the fake cannot see.
          publicToken: this.createPublicToken(institution, {
            ...request,
            expiresAt: new Date(expiresAt.getTime() + publicTokenMs),
          }),
          accounts: institution.accounts.map(({ key, name, mask, type, subtype }) => ({
            id: key,
            name,
            mask,
            type,
            subtype,
          })),
        })),
    };
    const token = `link-sandbox-${Buffer.from(JSON.stringify(content)).toString("base64url")}`;
    const link = { token, content, request, createdAt };
    this.links.set(content.id, link);
    return link;
  }

  find(idOrToken: string): LinkToken | null {
    for (const link of this.links.values()) if (link.token === idOrToken || link.content.id === idOrToken) return link;
    return null;
  }

  /** The person is done in update mode: the same item works again, and a consent that ends begins anew. */
  finishUpdate(id: string): void {
    const link = this.find(id);
    if (!link?.request.item || new Date(link.content.expiresAt) <= this.now())
      throw failures.invalidField("link_token is not one of update mode");
    link.request.item.renew(this.now());
  }

  createPublicToken(
    institution: SampleInstitution,
    facts: { daysRequested: number; webhook: string | null; expiresAt?: Date; item?: SampleItem | null },
  ): string {
    const token = `public-sandbox-${randomUUID()}`;
    this.publics.set(token, {
      institution,
      daysRequested: facts.daysRequested,
      webhook: facts.webhook,
      expiresAt: facts.expiresAt ?? new Date(this.now().getTime() + publicTokenMs),
      isUsed: false,
      item: facts.item ?? null,
    });
    return token;
  }

  /** Uses a public token up. @returns the item it stands for, where it is one of update mode, else what to make it of */
  usePublicToken(
    text: string,
  ): { item: SampleItem } | { item: null; facts: Omit<ItemFacts, "id" | "seed" | "linkedOn"> } {
    const [token = "", choice] = text.split("~");
    const held = this.publics.get(token);
    if (!held || held.isUsed || held.expiresAt <= this.now()) throw failures.invalidPublicToken();
    if (held.item) {
      held.isUsed = true;
      return { item: held.item };
    }
    const { institution, daysRequested, webhook } = held;
    const accounts = chooseAccounts(institution, choice);
    held.isUsed = true;
    return { item: null, facts: { institution, accounts, daysRequested, webhook } };
  }

  /**
   * Holds all that an item is made of and is signed, so that a fake that was started anew still knows the banks that an
   * installation linked before.
   */
  toAccessToken(item: SampleItem): string {
    const { id, institution, accounts, linkedOn, daysRequested } = item.facts;
    const facts = [
      id,
      institution.id,
      accounts.map(({ key }) => key),
      linkedOn,
      daysRequested,
      item.webhook,
      item.rotation,
    ];
    const content = Buffer.from(JSON.stringify(facts)).toString("base64url");
    return `access-sandbox-${content}.${this.signatureOf(content)}`;
  }

  readAccessToken(token: string): { facts: Omit<ItemFacts, "seed">; rotation: number } {
    const [, content = "", signature = ""] = /^access-sandbox-([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
    const expected = Buffer.from(this.signatureOf(content));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw failures.invalidAccessToken();
    const [id, institutionId, keys, linkedOn, daysRequested, webhook, rotation] = JSON.parse(
      Buffer.from(content, "base64url").toString("utf8"),
    );
    const institution = findInstitution(institutionId);
    const accounts = institution.accounts.filter(({ key }) => keys.includes(key));
    return { facts: { id, institution, accounts, linkedOn, daysRequested, webhook }, rotation };
  }

  private signatureOf(content: string): string {
    return createHmac("sha256", `sample ${this.seed}`).update(content).digest("base64url");
  }
}

export function findInstitution(id: string): SampleInstitution {
  const institution = sampleInstitutions.find((candidate) => candidate.id === id);
  if (institution) return institution;
  const { body } = failures.invalidField("");
  throw new FakeFailure(400, body.error_type, "INVALID_INSTITUTION", "invalid institution_id provided");
}

/** `chequing-visa` behind the token: what was ticked in the dialog. Nothing there: all of them. */
function chooseAccounts(institution: SampleInstitution, choice: string | undefined): SampleAccount[] {
  if (choice === undefined) return institution.accounts;
  const keys = choice.split("-");
  const accounts = institution.accounts.filter(({ key }) => keys.includes(key));
  if (accounts.length !== keys.length) throw failures.invalidPublicToken();
  return accounts;
}
