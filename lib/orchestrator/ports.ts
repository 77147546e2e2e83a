import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelRole } from "@/lib/contracts/model";
import type { Budget } from "@/lib/contracts/run";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";

/** What the loop needs from the rest of Burgeon; tests give their own. */
export interface LoopPorts {
  resolveModel(viewer: Viewer, role: ModelRole): Promise<ResolvedModel>;
  listTools(viewer: Viewer): Promise<Tool[]>;
  getBudget(viewer: Viewer): Promise<Budget>;
  /** The person's own zone: what day it is depends on it. */
  getTimeZone(viewer: Viewer): Promise<string>;
}

export interface ResolvedModel {
  model: LanguageModelV4;
  /** For the person: "gpt-5 (OpenAI)", "Built-in planner". */
  label: string;
  provider: string;
  /** US dollars per million tokens, which are as many millionths of a dollar per token. */
  price?: { input: number; output: number };
  /** Tokens the model takes in at once. */
  contextTokens?: number;
  /**
   * Calls the model so that its request leaves only when `isReady` resolves, and is prepared meanwhile. Where it is missing, the call
   * itself has to wait.
   */
  holdRequests?<Value>(isReady: () => Promise<void>, call: () => Promise<Value>): Promise<Value>;
}

// As old as this, a setting may be. A change in Settings holds for the next step all the same: models take longer.
const freshMs = 1000;

/**
 * Things the loop asks for at every step and that seldom change: read again only after a moment, and then all of them at once, so
 * that it is one question to the database.
 */
export class Fresh<Values extends object> {
  private values: Promises<Values> | null = null;
  private readAt = 0;

  constructor(private readonly read: () => Promises<Values>) {}

  get<Name extends keyof Values>(name: Name): Promise<Values[Name]> {
    const now = performance.now();
    if (this.values === null || now - this.readAt > freshMs) {
      this.readAt = now;
      const values = this.read();
      this.values = values;
      // A failure is not kept: the next step asks again. Whoever needs what failed finds it there; until then nobody has asked.
      for (const value of Object.values<Promise<unknown>>(values))
        value.catch(() => {
          if (this.values === values) this.values = null;
        });
    }
    return this.values[name];
  }
}

type Promises<Values> = { [Name in keyof Values]: Promise<Values[Name]> };
