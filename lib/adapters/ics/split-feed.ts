/** A component of a feed by its lines, unfolded: what is inside other components is theirs. */
export interface FeedComponent {
  name: string;
  lines: string[];
  children: FeedComponent[];
}

const maxDepth = 8;
/** What nobody reads here: attachments and markup may be large. */
const skipped = /^(ATTACH|X-ALT-DESC|X-APPLE-STRUCTURED-LOCATION|STYLED-DESCRIPTION)[;:]/i;

/**
 * Splits a feed into its components, line by line, so that one damaged line costs one property.
 * @returns null when it is no iCalendar file
 */
export function splitFeed(text: string): FeedComponent | null {
  const root: FeedComponent = { name: "", lines: [], children: [] };
  const open: FeedComponent[] = [root];
  const unfolded = text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/\n[ \t]/g, "");
  for (const line of unfolded.split("\n")) {
    const [, edge = "", written = ""] = /^(BEGIN|END):\s*([\w-]+)\s*$/i.exec(line) ?? [];
    const name = written.toUpperCase();
    const inside = open.at(-1) ?? root;
    if (edge.toUpperCase() === "BEGIN" && open.length <= maxDepth) {
      const component = { name, lines: [], children: [] };
      inside.children.push(component);
      open.push(component);
    } else if (edge.toUpperCase() === "END") {
      const at = open.findLastIndex((component, index) => index > 0 && component.name === name);
      if (at > 0) open.length = at;
    } else if (line !== "" && !skipped.test(line)) inside.lines.push(line);
  }
  return root.children.some(({ name }) => name === "VCALENDAR") ? root : null;
}
