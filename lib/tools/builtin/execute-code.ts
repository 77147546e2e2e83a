import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { executeCode } from "@/lib/sandbox/execute-code";
import { defineTool } from "../define-tool";

/** JavaScript in the sandbox: no network, no files, nothing of this machine. */
export const executeCodeTool = defineTool({
  name: "execute_code",
  title: "Run code",
  description:
    "Runs JavaScript in a sandbox without network or files and returns the value of the last expression or of return, and what was logged. For transforming data, dates, text and longer calculations.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 15_000,
  input: z.strictObject({
    code: z.string().min(1).max(50_000).describe("JavaScript; the value of return is the result"),
  }),
  output: z.object({ value: z.unknown(), logs: z.array(z.string()) }),
  questions: ["Run this code: return [3,1,2].sort()", "Execute JavaScript that reverses a text"],
  async execute({ code }, { signal }) {
    const result = await executeCode(code, { signal });
    const logs = result.logs.map((log) => `${log.level}: ${log.message}`);
    if (result.ok) return { kind: "done", output: { value: result.value ?? null, logs }, source: "sandbox" };
    const { error } = result;
    const place = error.line === undefined ? "" : ` (line ${error.line})`;
    throw new AppError("invalid", `The code ended with ${error.code}${place}: ${error.message.slice(0, 1000)}`, {
      ...(logs.length > 0 ? { hint: `It logged: ${logs.join("; ").slice(0, 1000)}` } : {}),
    });
  },
});
