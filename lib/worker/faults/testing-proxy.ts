import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Message, MessageReader } from "./testing-wire";

/** `pass` lets things go on; `cut` ends the connection there: what was sent may have been done, its answer never arrives. */
export type Verdict = "pass" | "cut";

export interface TrapPlace {
  /** Name of a prepared statement, or the text of a plain one, such as `COMMIT`. */
  statement: string;
  /** Texts that all stand in its parameters. */
  holds?: readonly string[];
  /** `before`: the server has not seen it. `after`: the server has done it, and its answer is withheld. */
  when: "before" | "after";
  /** A text that stands in the answer; only with `after`. */
  answers?: string;
  /** Which of the statements that fit, counted from 1 over all workers. */
  nth?: number;
}

/** Something that happens once, at one statement of whichever worker comes there first. */
export class Trap {
  readonly sprung: Promise<string>;
  private left: number;
  private tell: (tag: string) => void = () => undefined;

  constructor(
    readonly place: TrapPlace,
    private readonly act: (tag: string) => Promise<Verdict>,
  ) {
    this.left = place.nth ?? 1;
    this.sprung = new Promise((resolve) => {
      this.tell = resolve;
    });
  }

  /** Is this one of the statements it waits for? With `answers` only the answer decides. */
  fits({ statement, body }: Message): boolean {
    const { place } = this;
    if (this.left <= 0 || statement === null || !statement.startsWith(place.statement)) return false;
    return (place.holds ?? []).every((text) => body.includes(text));
  }

  /** Counts it; true when it is the one. */
  take(answer = ""): boolean {
    if (this.left <= 0 || !answer.includes(this.place.answers ?? "")) return false;
    this.left -= 1;
    return this.left === 0;
  }

  async spring(tag: string): Promise<Verdict> {
    const verdict = await this.act(tag);
    this.tell(tag);
    return verdict;
  }
}

/**
 * Stands between one worker and PostgreSQL and understands enough of the protocol to act at a named statement. The worker is
 * the product as it is; whatever happens to it happens from outside.
 */
export class DatabaseProxy {
  private server: Server | null = null;
  private port = 0;
  private readonly links = new Set<Link>();
  private isMute = false;

  private constructor(
    readonly tag: string,
    readonly target: URL,
    readonly traps: Set<Trap>,
  ) {}

  /** @param target address of the database; the traps may be shared with other proxies */
  static async start(tag: string, target: string, traps: Set<Trap>): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(tag, new URL(target), traps);
    await proxy.open();
    return proxy;
  }

  get url(): string {
    const url = new URL(this.directUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** Past the proxy. The audit of the tests still sees which process wrote what. */
  get directUrl(): string {
    const url = new URL(this.target);
    url.searchParams.set("options", `-c burgeon.test_worker=${this.tag}`);
    return url.href;
  }

  /** Accepts connections, again under the same port. */
  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer((client) => this.accept(client));
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Nobody listens any more (ECONNREFUSED), and what was open is cut. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = null;
    this.cut();
    if (!server) return;
    server.close();
    await once(server, "close");
  }

  /** Ends every connection; half of them without a goodbye (ECONNRESET). */
  cut(): void {
    for (const [index, link] of [...this.links].entries()) link.end(index % 2 === 0);
  }

  /** As if the cable were pulled: what is open stays open and says nothing. New connections work. */
  strand(): void {
    for (const link of this.links) link.silence();
  }

  /** The same for new connections too, until `unmute`. */
  mute(): void {
    this.isMute = true;
    this.strand();
  }

  unmute(): void {
    this.isMute = false;
    this.cut();
  }

  private accept(client: Socket): void {
    const link = new Link(client, this, (gone) => this.links.delete(gone));
    this.links.add(link);
    if (this.isMute) link.silence();
  }
}

class Link {
  private readonly server: Socket;
  private readonly fromClient = new MessageReader("client");
  private readonly fromServer = new MessageReader("server");
  private pumping: Promise<void> = Promise.resolve();
  private trap: Trap | null = null;
  private withheld: Buffer[] = [];
  private isSilent = false;
  private isOver = false;

  constructor(
    private readonly client: Socket,
    private readonly proxy: DatabaseProxy,
    private readonly onGone: (link: Link) => void,
  ) {
    this.server = connect(Number(proxy.target.port), proxy.target.hostname);
    this.client.on("data", (chunk) => this.queue(() => this.onClientData(chunk)));
    this.server.on("data", (chunk) => this.queue(() => this.onServerData(chunk)));
    for (const socket of [this.client, this.server]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.end(false));
      // What was read before the end is still passed on.
      socket.on("close", () => this.queue(async () => this.end(false)));
    }
  }

  end(isAbrupt: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onGone(this);
    if (isAbrupt) this.client.resetAndDestroy();
    else this.client.destroy();
    this.server.destroy();
  }

  silence(): void {
    this.isSilent = true;
  }

  private queue(task: () => Promise<void>): void {
    this.pumping = this.pumping.then(task);
  }

  private async onClientData(chunk: Buffer): Promise<void> {
    for (const message of this.fromClient.read(chunk)) {
      if (this.isSilent || this.isOver) return;
      const trap = this.trap ? undefined : [...this.proxy.traps].find((one) => one.fits(message));
      if (trap?.place.when === "after") this.trap = trap;
      else if (trap?.take() && (await trap.spring(this.proxy.tag)) === "cut") return this.end(true);
      this.server.write(message.raw);
    }
  }

  private async onServerData(chunk: Buffer): Promise<void> {
    if (this.isSilent || this.isOver) return;
    for (const message of this.fromServer.read(chunk)) {
      const { trap } = this;
      if (!trap) {
        this.client.write(message.raw);
        continue;
      }
      this.withheld.push(message.raw);
      // "Ready for query" ends the answer.
      if (message.type !== "Z") continue;
      const answer = Buffer.concat(this.withheld.splice(0));
      this.trap = null;
      if (trap.take(answer.toString("latin1")) && (await trap.spring(this.proxy.tag)) === "cut") return this.end(true);
      this.client.write(answer);
    }
  }
}
