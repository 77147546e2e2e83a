import { buildOutcomeSchema, buildRequestSchema } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import { isFinished } from "@/lib/contracts/run";
import { findBuildRun } from "@/lib/db/runs";
import { findBuildOutcome, startBuild } from "@/lib/module-host/start-build";
import { defineTool } from "../define-tool";

// "Ask for changes" belongs to the review page; the model starts builds from words and documents.
const input = buildRequestSchema.omit({ changes: true });

/** Starts a build and sleeps until it has ended. Starting is idempotent on the call, so a repetition finds the build. */
export const buildModule = defineTool({
  name: "build_module",
  title: "Build a module",
  description:
    "Builds a new integration module, checks and tests it, and puts it up for the person's review. Give the person's own words as wish, and where they gave it: url (OpenAPI document, or an address that answers JSON), document (pasted OpenAPI), sample (pasted JSON reply). The result says whether it awaits review, which hosts it reaches and which credentials it needs. It cannot be used before the person approved it on the review page. Never put a key or password into any argument.",
  effect: "write",
  idempotency: "natural",
  timeoutMs: 15_000,
  input,
  output: buildOutcomeSchema,
  questions: ["Build me a module from https://api.example.com/openapi.json", "Build an integration for my library"],
  describe: ({ wish, url, document, sample }) => ({
    title: "Build a module",
    lines: [
      { label: "Wish", value: wish },
      ...(url === undefined ? [] : [{ label: "Loads", value: url }]),
      ...(document === undefined ? [] : [{ label: "Document", value: `${document.length} characters` }]),
      ...(sample === undefined ? [] : [{ label: "Sample", value: `${sample.length} characters` }]),
    ],
  }),
  async execute(request, { viewer, conversationId, runId, callId }) {
    const { buildId } = await startBuild(viewer, request, { conversationId, parentRunId: runId, callId });
    const outcome = await findBuildOutcome(viewer, buildId);
    if (outcome) return { kind: "done", output: outcome, source: "module builder" };
    const run = await findBuildRun(viewer, buildId);
    if (run && !isFinished(run.status)) return { kind: "wait", on: "build", id: buildId };
    throw new AppError("unavailable", "The build ended without a result.", {
      hint: "Ask for it again; the worker's log says what happened.",
    });
  },
});
