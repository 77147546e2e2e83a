// What the trivial tool of every side does: it notes when it was called, and in some runs asks the server how many
// statements it has seen or how much it has written by then. It asks over a connection of its own to another database.
import pg from "pg";

const questions = {
  statements: `SELECT COALESCE(sum(calls), 0)::float AS value FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = $1`,
  wal: `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float AS value, $1::text AS name`,
};

export class Probe {
  /** One list of times per run. */
  runs = [];
  samples = [];
  #question = null;
  #at = new Set();
  #client = null;

  constructor({ adminUrl, database }) {
    this.adminUrl = adminUrl;
    this.database = database;
  }

  begin({ sample = null, at = [] } = {}) {
    this.runs.push([]);
    this.samples = [];
    this.#question = sample;
    this.#at = new Set(at);
  }

  async connect() {
    this.#client = new pg.Client({ connectionString: this.adminUrl });
    await this.#client.connect();
  }

  /** The tool was called. */
  async hit() {
    const run = this.runs.at(-1);
    const index = run.push(performance.now()) - 1;
    if (this.#question === null || !this.#at.has(index)) return;
    const { rows } = await this.#client.query(questions[this.#question], [this.database]);
    this.samples.push({ index, value: rows[0].value });
  }

  /** Milliseconds between two calls of the tool in the same run; forgets them. */
  takeSteps() {
    const steps = this.runs.flatMap((times) => times.slice(1).map((time, index) => time - times[index]));
    this.runs = [];
    return steps;
  }
}
