import type { Finding } from "@/lib/contracts/finding";

/** A person has to be able to read what they approve. */
const maxFileChars = 64 * 1024;
const maxTotalChars = 256 * 1024;
const maxFiles = 50;
/** Brackets inside brackets; written by hand it is rarely more than 12. Compilers recurse, and grow slow, with it. */
const maxNesting = 200;

/** Relative, without dot segments, in plain letters: no two programs can read it differently. */
const fileName = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*$/;

/** What no compiler should be given. Looks at the source files (.ts) only, and never runs anything. */
export function findSourceFaults(files: Record<string, string>): Finding[] {
  const findings: Finding[] = [];
  const sources = Object.entries(files).filter(([path]) => path.endsWith(".ts"));
  for (const path of Object.keys(files)) if (!fileName.test(path) || path.length > 200) findings.push(badName(path));
  if (sources.length > maxFiles)
    findings.push(tooMuch("", `There are ${sources.length} source files; at most ${maxFiles} are allowed.`));
  let total = 0;
  for (const [path, text] of sources) {
    total += text.length;
    if (text.length > maxFileChars)
      findings.push(tooMuch(path, `The file has ${text.length} characters; at most ${maxFileChars} are allowed.`));
    const line = findTooNestedLine(text);
    if (line !== undefined)
      findings.push({ ...tooMuch(path, `Brackets are nested deeper than ${maxNesting} levels.`), line });
  }
  if (total > maxTotalChars)
    findings.push(tooMuch("", `The sources have ${total} characters; at most ${maxTotalChars} are allowed.`));
  return findings;
}

/** Counts every bracket, also those in texts: whoever has 200 more opening than closing ones is not misjudged. */
function findTooNestedLine(text: string): number | undefined {
  let depth = 0;
  let line = 1;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at] as string;
    if (unit === "\n") line += 1;
    else if ("([{".includes(unit)) depth += 1;
    else if (")]}".includes(unit)) depth = Math.max(0, depth - 1);
    if (depth > maxNesting) return line;
  }
  return undefined;
}

function tooMuch(file: string, message: string): Finding {
  return { code: "size_limit", file, message, hint: "Do less, or move large data out of the code." };
}

function badName(path: string): Finding {
  return {
    code: "file_name",
    file: path.slice(0, 200),
    message: "The file name is not allowed.",
    hint: "Use letters, digits, - _ . and / for folders, for example map-weather.ts.",
  };
}
