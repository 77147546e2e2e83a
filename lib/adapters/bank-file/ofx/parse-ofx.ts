import { decodeEntities } from "../../decode-entities";

/** One element of an OFX file: a value, or others inside it. */
export interface OfxNode {
  name: string;
  value: string;
  line: number;
  children: OfxNode[];
}

const maxDepth = 64;
/** A `<` that begins no tag belongs to the text. */
const tag = /<(\/?)([A-Za-z][\w.]*)[^<>]*>/g;

/**
 * OFX 1.x (SGML: values without an end tag) and 2.x (XML) by one rule: what has text behind its tag is a value; what was opened
 * without text and never closed was an empty value, and what seemed to be inside it stands beside it.
 * @returns the tree, and whether the file goes on to its end
 */
export function parseOfx(text: string): { root: OfxNode; isWhole: boolean } {
  const root: OfxNode = { name: "", value: "", line: 1, children: [] };
  const open: OfxNode[] = [root];
  const plain = unwrapCdata(text);
  const lineAt = createLineCounter(plain);
  let isWhole = false;
  let next = nextTag(plain, 0);
  while (next) {
    const { isClose, name, isEmpty, from, to } = next;
    next = nextTag(plain, to);
    // What stands between a tag and the next one is its text.
    const value = decodeEntities(plain.slice(to, next?.from)).replace(/\s+/g, " ").trim();
    if (isClose) {
      isWhole ||= name === "OFX";
      closeElement(open, name);
      continue;
    }
    const node: OfxNode = { name, value, line: lineAt(from), children: [] };
    open.at(-1)?.children.push(node);
    if (value === "" && !isEmpty && open.length < maxDepth) open.push(node);
  }
  // What is open at the end of the file was cut off, and stays as it is nested.
  return { root, isWhole };
}

/** The first element of that name below, however deep. */
export function findNode(node: OfxNode, name: string): OfxNode | undefined {
  return findNodes(node, name)[0];
}

/** All elements of that name below, in the order of the file. */
export function findNodes(node: OfxNode, name: string): OfxNode[] {
  return node.children.flatMap((child) => (child.name === name ? [child] : findNodes(child, name)));
}

/** The value of a direct child; empty when there is none. */
export function childValue(node: OfxNode | undefined, name: string): string {
  return node?.children.find((child) => child.name === name)?.value ?? "";
}

function nextTag(text: string, at: number) {
  tag.lastIndex = at;
  const match = tag.exec(text);
  if (!match) return null;
  const [whole, slash = "", name = ""] = match;
  const { index: from } = match;
  return {
    isClose: slash !== "",
    name: name.toUpperCase(),
    isEmpty: whole.endsWith("/>"),
    from,
    to: from + whole.length,
  };
}

function closeElement(open: OfxNode[], name: string): void {
  const at = open.findLastIndex((node, index) => index > 0 && node.name === name);
  const node = open[at];
  if (!node) return;
  for (const unclosed of open.splice(at).slice(1)) {
    for (const child of unclosed.children) node.children.push(child);
    unclosed.children = [];
  }
}

/** No line break comes or goes, so lines keep their numbers. */
function unwrapCdata(text: string): string {
  return text.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, inside: string) =>
    inside.replace(/&/g, "&amp;").replace(/</g, "&lt;"),
  );
}

/** Lines of growing positions, each looked at once. */
function createLineCounter(text: string): (position: number) => number {
  let line = 1;
  let at = 0;
  return (position) => {
    for (; at < position; at++) if (text.charCodeAt(at) === 10) line += 1;
    return line;
  };
}
