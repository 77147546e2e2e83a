import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "@/lib/db/migrate";

/** What the supervisor's own module gives; it is plain JavaScript and has no types. */
interface Started {
  url: string;
  port: number;
  process: { pid?: number; kill(signal: NodeJS.Signals): boolean };
  stop(): Promise<boolean>;
}
type StartPostgres = (options: {
  cluster: string;
  password: string;
  logPath: string;
  port?: number;
  settings: Record<string, string | number>;
}) => Promise<Started>;

// What is committed survives the death of the server, not that of the machine.
const settings = {
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "64MB",
  max_connections: 60,
  autovacuum: "off",
};

/** A PostgreSQL that belongs to one test file, which may do to it what it likes. */
export class OwnPostgres {
  private server: Started | null = null;
  private isFrozen = false;
  private readonly endHard = () => {
    this.thaw();
    this.server?.process.kill("SIGQUIT");
  };

  private constructor(
    private readonly start: StartPostgres,
    private readonly folder: string,
  ) {}

  /** Created, started, and with the migrated database `template`. */
  static async create(): Promise<OwnPostgres> {
    const module = join(process.cwd(), "scripts/supervisor/postgres.mjs");
    const { startPostgres } = (await import(/* @vite-ignore */ module)) as { startPostgres: StartPostgres };
    const folder = mkdtempSync(join(tmpdir(), "burgeon-fault-"));
    chmodSync(folder, 0o711);
    const postgres = new OwnPostgres(startPostgres, folder);
    // Whoever ends without a word (an exception, process.exit) still takes it along.
    process.once("exit", postgres.endHard);
    await postgres.up();
    await postgres.query("CREATE DATABASE template");
    await migrate(postgres.urlOf("template"), join(process.cwd(), "prisma", "migrations"));
    return postgres;
  }

  get url(): string {
    if (!this.server) throw new Error("the server is down");
    return this.server.url;
  }

  urlOf(database: string): string {
    const url = new URL(this.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** Starts it, under the address it had before. */
  async up(): Promise<void> {
    const port = this.server?.port;
    this.server = await this.start({
      cluster: join(this.folder, "cluster"),
      password: "tests-only",
      logPath: join(this.folder, "postgres.log"),
      settings,
      ...(port === undefined ? {} : { port }),
    });
  }

  /** `pg_ctl stop -m immediate`: no goodbye, and recovery at the next start. */
  async crash(): Promise<void> {
    await this.end("SIGQUIT");
  }

  /** `pg_ctl stop -m fast`: sessions are told (57P01), everything is written. */
  async shutDown(): Promise<void> {
    await this.end("SIGINT");
  }

  /** Nothing of it answers and nothing is closed, as with a machine that hangs. */
  freeze(): void {
    this.isFrozen = true;
    this.signalAll("SIGSTOP");
  }

  thaw(): void {
    this.isFrozen = false;
    this.signalAll("SIGCONT");
  }

  async query(sql: string, database = "burgeon"): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.urlOf(database) });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    if (this.isFrozen) this.thaw();
    await this.server?.stop();
    process.off("exit", this.endHard);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * A disk of a few megabytes for tablespaces, or null where this account may not mount one.
   * @returns the folder, and how to fill and to empty it
   */
  smallDisk(sizeMb: number): SmallDisk | null {
    const mount = join(this.folder, "disk");
    mkdirSync(mount);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", mount]).status === 0;
    if (!mounted) return null;
    const { uid, gid } = statSync(join(this.folder, "cluster"));
    const space = join(mount, "space");
    mkdirSync(space, { mode: 0o700 });
    chownSync(space, uid, gid);
    return new SmallDisk(mount, space);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { server } = this;
    if (!server) return;
    const pid = server.process.pid ?? 0;
    const gone = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (isThere(pid)) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
    server.process.kill(signal);
    await gone;
  }

  /** Its processes lead groups of their own, so they are found by their parent. */
  private signalAll(signal: NodeJS.Signals): void {
    const parent = this.server?.process.pid;
    if (parent === undefined) return;
    const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const children = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
    for (const pid of [parent, ...children]) if (isThere(pid)) process.kill(pid, signal);
  }
}

export class SmallDisk {
  constructor(
    private readonly mount: string,
    /** For `CREATE TABLESPACE … LOCATION`. */
    readonly space: string,
  ) {}

  /** Takes all there is left. */
  fill(): void {
    const block = Buffer.alloc(4096);
    for (let n = 0; ; n++) {
      try {
        writeFileSync(join(this.mount, `ballast-${n}`), block);
      } catch {
        return;
      }
    }
  }

  empty(): void {
    spawnSync("sh", ["-c", 'rm -f "$1"/ballast-*', "sh", this.mount]);
  }

  unmount(): void {
    spawnSync("umount", ["-l", this.mount]);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A zombie waits only for its parent to look.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.startsWith("Z") !== true;
  } catch {
    return process.platform !== "linux";
  }
}
