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
}

// As old as this, a setting may be. A change in Settings holds for the next step all the same: models take longer.
const freshMs = 1000;

/** Something the loop asks for at every step and that seldom changes: read again only after a moment. */
export class Fresh<Value> {
  private value: Promise<Value> | null = null;
  private readAt = 0;

  constructor(private readonly read: () => Promise<Value>) {}

  get(): Promise<Value> {
    const now = performance.now();
    if (this.value === null || now - this.readAt > freshMs) {
      this.readAt = now;
      const value = this.read();
      this.value = value;
      // A failure is not kept: the next step asks again.
      value.catch(() => {
        if (this.value === value) this.value = null;
      });
    }
    return this.value;
  }
}
