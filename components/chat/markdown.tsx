"use client";

import Link from "next/link";
import { type ComponentProps, memo } from "react";
import { Streamdown } from "streamdown";
import { readLink } from "./read-link";

/**
 * Markdown that a model or a web page wrote. Untrusted: HTML in it is shown as text, nothing is loaded from anywhere (an
 * image becomes a link to it), and links leave in a tab of their own without telling where they came from.
 */
export const Markdown = memo(function Markdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <Streamdown
      className="answer"
      mode="streaming"
      parseIncompleteMarkdown={isStreaming}
      isAnimating={isStreaming}
      controls={false}
      linkSafety={linkSafety}
      rehypePlugins={noPlugins}
      urlTransform={keepUrl}
      components={components}
    >
      {text}
    </Streamdown>
  );
});

// Without the plugin that parses HTML, HTML stays text.
const noPlugins: NonNullable<ComponentProps<typeof Streamdown>["rehypePlugins"]> = [];
const linkSafety = { enabled: false };
// Addresses are judged where they are used, below.
const keepUrl = (url: string) => url;

/** Plain elements instead of the library's widgets; `.answer` in globals.css gives them their looks. */
const components: ComponentProps<typeof Streamdown>["components"] = {
  ...Object.fromEntries(
    [
      "h1",
      "h2",
      "h3",
      "h4",
      "h5",
      "h6",
      "p",
      "ul",
      "ol",
      "li",
      "strong",
      "blockquote",
      "hr",
      "thead",
      "tbody",
      "tr",
      "th",
      "td",
      "sup",
      "sub",
    ].map((tag) => [tag, tag]),
  ),
  a: ({ href, children }) => <AnswerLink href={href}>{children}</AnswerLink>,
  img: ({ src, alt }) => (
    <AnswerLink href={typeof src === "string" ? src : undefined}>{alt ? `Image: ${alt}` : "Image"}</AnswerLink>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="overflow-x-auto" aria-label="Table" tabIndex={0}>
      <table className="min-w-full border-collapse text-sm">{children}</table>
    </section>
  ),
  inlineCode: ({ children }) => <code>{children}</code>,
  code: ({ children }) => <code>{children}</code>,
  pre: ({ children }) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      className="overflow-x-auto rounded-lg border bg-muted/50 px-4 py-3 font-mono text-[13px] leading-5"
    >
      {children}
    </pre>
  ),
};

function AnswerLink({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  const link = readLink(href);
  if (link.kind === "none") return <span>{children}</span>;
  if (link.kind === "page") return <Link href={link.href}>{children}</Link>;
  return (
    <a href={link.href} target="_blank" rel="noopener noreferrer nofollow" title={link.host}>
      {children}
    </a>
  );
}
