export type AnswerLink =
  | { kind: "page"; href: string }
  | { kind: "web"; href: string; host: string }
  | { kind: "none" };

const pages = /^\/(?:chat|modules|settings)(?:[/?#][^\\]*)?$/;

/** Where a link in an answer may lead: to a page of ours, to the web, by mail, or nowhere. */
export function readLink(href: string | undefined): AnswerLink {
  if (!href) return { kind: "none" };
  if (pages.test(href)) return { kind: "page", href };
  if (!/^(?:https?|mailto):/i.test(href) || !URL.canParse(href)) return { kind: "none" };
  const url = new URL(href);
  return { kind: "web", href: url.href, host: url.host || url.pathname };
}
