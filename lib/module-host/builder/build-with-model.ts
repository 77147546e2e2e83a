import { z } from "zod";
import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import type { Finding } from "@/lib/contracts/finding";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { Usage } from "@/lib/contracts/run";
import { askModel, type Question } from "./ask-model";
import { asUntrusted, generatePrompt, planPrompt, repairPrompt } from "./prompts";

export type Builder = Pick<Question<unknown>, "model" | "label" | "signal">;

const maxSourceChars = 80_000;
const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(40);

const planSchema = z.union([
  z.object({ impossible: z.string().max(1000) }),
  z.object({
    category: slug,
    name: slug,
    title: z.string().min(1).max(80),
    summary: z.string().max(1000),
    hosts: z.array(z.string().max(200)).max(10),
    credentials: z.array(z.object({ name: z.string().max(40), label: z.string().max(100) })).max(10),
    operations: z
      .array(z.object({ name: z.string().max(40), kind: z.enum(["pull", "tool"]), description: z.string().max(1000) }))
      .min(1)
      .max(20),
  }),
]);
const filesSchema = z.object({ files: z.record(z.string().max(200), z.string().max(256 * 1024)) });

export interface Given {
  request: BuildRequest;
  /** The document or reply to build from, as text. */
  source: string | null;
  /** The version that changes were asked for. */
  base: ModuleFiles | null;
}

/** What the model wants to build. @throws AppError invalid when it says that something is missing */
export async function planWithModel(builder: Builder, given: Given): Promise<{ plan: BuildPlan; usage: Usage }> {
  const { answer, usage } = await askModel({
    ...builder,
    system: planPrompt,
    turns: [describeWish(given)],
    schema: planSchema,
  });
  if ("impossible" in answer)
    throw new AppError("invalid", `The builder cannot start: ${answer.impossible.slice(0, 300)}`, {
      hint: "Give the address of an OpenAPI document, or paste one.",
    });
  const { request } = given;
  const source =
    given.source === null
      ? "wish"
      : request.sample === undefined && /openapi|swagger/i.test(given.source.slice(0, 2000))
        ? "openapi"
        : "json";
  return {
    plan: { ...answer, category: request.category ?? answer.category, name: request.name ?? answer.name, source },
    usage,
  };
}

/** All files of the first attempt. */
export async function generateWithModel(
  builder: Builder,
  given: Given,
  plan: BuildPlan,
): Promise<{ files: ModuleFiles; usage: Usage }> {
  const turn = `${describeWish(given)}\n\nThe plan, agreed with the person:\n${JSON.stringify(plan, null, 1)}${given.base ? `\n\nThe files as they are now:\n${JSON.stringify(given.base)}` : ""}`;
  const { answer, usage } = await askModel({ ...builder, system: generatePrompt, turns: [turn], schema: filesSchema });
  return { files: { ...(given.base ?? {}), ...answer.files }, usage };
}

/** The files of the next attempt: the ones before, with what the model changed. */
export async function repairWithModel(
  builder: Builder,
  plan: BuildPlan,
  files: ModuleFiles,
  findings: readonly Finding[],
): Promise<{ files: ModuleFiles; usage: Usage }> {
  const turn = [
    `The plan:\n${JSON.stringify(plan, null, 1)}`,
    `The files:\n${JSON.stringify(files)}`,
    `What the check found:\n${asUntrusted(JSON.stringify(findings.slice(0, 20), null, 1), 20_000)}`,
  ].join("\n\n");
  const { answer, usage } = await askModel({ ...builder, system: repairPrompt, turns: [turn], schema: filesSchema });
  return { files: { ...files, ...answer.files }, usage };
}

function describeWish({ request, source, base }: Given): string {
  return [
    `The person's wish: ${request.wish}`,
    ...(request.url ? [`They gave this address: ${request.url}`] : []),
    ...(request.category && request.name ? [`The module is ${request.category}/${request.name}.`] : []),
    ...(base && request.changes ? [`They reviewed the module and ask for changes: ${request.changes.note}`] : []),
    ...(source === null ? [] : [`What is known of the API:\n${asUntrusted(source, maxSourceChars)}`]),
  ].join("\n\n");
}
