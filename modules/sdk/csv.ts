/**
 * Rows of fields of a CSV text (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, a byte order mark.
 * Empty lines are left out. `separator` is one character.
 */
export function parseCsv(text: string, separator = ","): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    field = "";
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at += 1) {
    const unit = text[at] as string;
    if (isQuoted) {
      if (unit !== '"') field += unit;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (unit === '"' && field === "") isQuoted = true;
    else if (unit === separator) {
      row.push(field);
      field = "";
    } else if (unit === "\n" || unit === "\r") {
      if (unit === "\r" && text[at + 1] === "\n") at += 1;
      endRow();
    } else field += unit;
  }
  if (field !== "" || row.length > 0) endRow();
  return rows;
}

/** The same as objects named by the first row. Missing fields are empty texts. */
export function parseCsvRecords(text: string, separator = ","): Record<string, string>[] {
  const [names = [], ...rows] = parseCsv(text, separator);
  return rows.map((row) => Object.fromEntries(names.map((name, column) => [name.trim(), row[column] ?? ""])));
}
