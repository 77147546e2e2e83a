import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { BentClock } from "./testing-clock";
import type { FaultWorkerOptions } from "./testing-fault-worker";
import { DatabaseProxy, type Trap } from "./testing-proxy";

export interface SpawnOptions {
  concurrency?: number;
  /** Shorter than in life, where a test has to outlast it. */
  leaseMs?: number;
  clock?: BentClock;
  /** Goes past the proxy, where only speed counts. */
  isDirect?: boolean;
  /** Takes what providers send, in the place of working. */
  isWeb?: boolean;
}

// What a healthy worker never prints, whatever is done to it.
const unforeseen = /unforeseen failure|unhandled|UnhandledPromiseRejection|MaxListenersExceeded|DeprecationWarning/i;

/** One worker as a process of its own, behind a proxy of its own. */
export class WorkerProcess {
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  output = "";
  private isReady = false;

  constructor(
    readonly tag: string,
    readonly proxy: DatabaseProxy,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, "exit") as typeof this.ended;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
        this.isReady ||= this.output.includes('"worker started"');
      });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get isUp(): boolean {
    return this.isReady && this.isRunning;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Lines of its log whose message contains this. */
  said(text: string): string[] {
    return this.output.split("\n").filter((line) => line.includes(text));
  }
}

/** The workers of a test file: real processes of the product's worker with the tools and the model of the fault tests. */
export class Fleet {
  /** All there ever were. */
  readonly members: WorkerProcess[] = [];
  /** Where something happens to whichever worker comes there first. */
  readonly traps = new Set<Trap>();
  private readonly bundle: string;
  private readonly ready: Promise<unknown>;
  private spawned = 0;
  private readonly keepers = new Set<SpawnOptions>();

  constructor(
    private readonly databaseUrl: () => string,
    private readonly providerUrl: string,
    /** Unique among the fleets that run at the same time. */
    name: string,
    program: string,
  ) {
    const cache = join(process.cwd(), "node_modules", ".cache", "burgeon");
    mkdirSync(cache, { recursive: true });
    this.bundle = join(cache, `${program}-${name}.mjs`);
    this.ready = build({
      entryPoints: [join(process.cwd(), `lib/worker/faults/${program}.ts`)],
      outfile: this.bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "error",
    });
  }

  get running(): WorkerProcess[] {
    return this.members.filter((worker) => worker.isRunning);
  }

  worker(tag: string): WorkerProcess {
    const found = this.members.find((worker) => worker.tag === tag);
    if (!found) throw new Error(`there is no worker ${tag}`);
    return found;
  }

  async spawn({ concurrency = 2, leaseMs, clock, isDirect, isWeb }: SpawnOptions = {}): Promise<WorkerProcess> {
    this.spawned += 1;
    const tag = `w${this.spawned}`;
    await this.ready;
    const proxy = await DatabaseProxy.start(tag, this.databaseUrl(), this.traps);
    const options: FaultWorkerOptions = { providerUrl: this.providerUrl, concurrency, isWeb };
    const bent = join(process.cwd(), "lib/worker/faults/testing-clock.ts");
    const child = spawn(
      process.execPath,
      [...(clock ? ["--import", `file://${bent}`] : []), this.bundle, JSON.stringify(options)],
      {
        env: {
          ...process.env,
          DATABASE_URL: isDirect ? proxy.directUrl : proxy.url,
          LOG_LEVEL: "info",
          ...(leaseMs === undefined ? {} : { BURGEON_LEASE_MS: String(leaseMs) }),
          ...(clock ? { BURGEON_TEST_CLOCK: JSON.stringify(clock) } : {}),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const worker = new WorkerProcess(tag, proxy, child);
    this.members.push(worker);
    return worker;
  }

  /** Starts this many, and one more whenever one of them dies, as a supervisor does. */
  async keep(count: number, options: SpawnOptions = {}): Promise<void> {
    this.keepers.add(options);
    const spawned = await Promise.all(Array.from({ length: count }, () => this.spawn(options)));
    for (const worker of spawned) this.replaceWhenDead(worker, options);
    await this.allUp(count);
  }

  /** Ends all of them without ado; nobody is replaced. */
  async clear(): Promise<void> {
    this.keepers.clear();
    this.traps.clear();
    const { running } = this;
    for (const worker of running) {
      worker.signal("SIGKILL");
      worker.signal("SIGCONT");
    }
    await Promise.all(running.map((worker) => worker.ended));
    await Promise.all(this.members.map((worker) => worker.proxy.refuse()));
  }

  async close(): Promise<void> {
    await this.clear();
    rmSync(this.bundle, { force: true });
  }

  /** What workers said that no worker should ever say. */
  complaints(): string[] {
    return this.members.flatMap((worker) =>
      worker.output
        .split("\n")
        .filter((line) => unforeseen.test(line))
        .map((line) => `${worker.tag} said: ${line.slice(0, 600)}`),
    );
  }

  /** What all of them said lately, in the order of time. */
  story(lines = 60): string {
    const said = this.members.flatMap(({ tag, output }) =>
      output
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => ({ tag, line: line.slice(0, 500), time: /"time":"([^"]+)"/.exec(line)?.[1] ?? "" })),
    );
    said.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    return said
      .slice(-lines)
      .map(({ tag, line }) => `${tag} ${line}`)
      .join("\n");
  }

  private async allUp(count: number): Promise<void> {
    const until = Date.now() + 20_000;
    while (this.members.filter((worker) => worker.isUp).length < count) {
      if (Date.now() > until)
        throw new Error(`workers do not start:\n${this.members.map((one) => one.output).join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private replaceWhenDead(worker: WorkerProcess, options: SpawnOptions): void {
    void worker.ended.then(async () => {
      if (!this.keepers.has(options)) return;
      this.replaceWhenDead(await this.spawn(options), options);
    });
  }
}
