/** One message of PostgreSQL's protocol (documentation, 54.7). */
export interface Message {
  /** Its type letter; empty for the first message of a connection, which has none. */
  type: string;
  /** The prepared statement it runs, or the text of one that has no name; null for everything else. */
  statement: string | null;
  body: Buffer;
  raw: Buffer;
}

const typeBytes = 1;
const lengthBytes = 4;

/** Cuts a stream of bytes into whole messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private hasType: boolean;

  constructor(side: "client" | "server") {
    this.hasType = side === "server";
  }

  read(chunk: Buffer): Message[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    for (let message = this.take(); message !== null; message = this.take()) messages.push(message);
    return messages;
  }

  private take(): Message | null {
    const start = this.hasType ? typeBytes : 0;
    if (this.rest.length < start + lengthBytes) return null;
    const end = start + this.rest.readInt32BE(start);
    if (this.rest.length < end) return null;
    const raw = this.rest.subarray(0, end);
    this.rest = this.rest.subarray(end);
    const type = this.hasType ? String.fromCharCode(raw[0] ?? 0) : "";
    this.hasType = true;
    const body = raw.subarray(start + lengthBytes);
    return { type, statement: statementOf(type, body), body, raw };
  }
}

/** Query is the text itself, Bind names a portal and then the statement, Parse of a statement without a name has its text. */
function statementOf(type: string, body: Buffer): string | null {
  if (!["Q", "B", "P"].includes(type)) return null;
  const firstEnd = body.indexOf(0);
  const first = body.toString("utf8", 0, firstEnd);
  if (type === "Q") return first;
  const second = body.toString("utf8", firstEnd + 1, body.indexOf(0, firstEnd + 1));
  if (type === "B") return second;
  return first === "" ? second : null;
}
