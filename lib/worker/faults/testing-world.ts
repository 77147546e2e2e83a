import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Behaviour, EffectKind, ProviderFacts } from "./testing-provider";

/** The fake provider as its tests see it: a process that is asked over HTTP. */
export class World {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<World> {
    const child = spawn(process.execPath, [join(process.cwd(), "lib/worker/faults/testing-provider.ts")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return new World(child, `http://127.0.0.1:${Number(line.toString())}`);
  }

  facts(): Promise<ProviderFacts> {
    return this.ask("facts");
  }

  async behave(behaviour: Behaviour): Promise<void> {
    await this.ask("behave", behaviour);
  }

  /** Lets go of the answers about this thing that are held back. */
  async release(thing: string): Promise<void> {
    await this.ask(`release/${encodeURIComponent(thing)}`, {});
  }

  /** How often it happened. */
  async effectsOf(kind: EffectKind, thing: string): Promise<number> {
    const { effects } = await this.facts();
    return effects.find((effect) => effect.kind === kind && effect.thing === thing)?.count ?? 0;
  }

  async requestsAbout(thing: string): Promise<ProviderFacts["requests"]> {
    return (await this.facts()).requests.filter((request) => request.thing === thing);
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  private async ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/${path}`, init);
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    return (await response.json()) as Answer;
  }
}
