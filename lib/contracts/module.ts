import { z } from "zod";
import { findingSchema } from "./finding";

/** The states of a module; the same words in UI, API, code and docs. `needs_credentials` is derived, never stored. */
export const moduleStates = [
  "draft",
  "building",
  "tests_failed",
  "awaiting_review",
  "needs_credentials",
  "active",
  "degraded",
  "disabled",
  "archived",
  "stale",
  "rejected",
  "quarantined",
] as const;
export type ModuleState = (typeof moduleStates)[number];

export const versionStates = [
  "building",
  "tests_failed",
  "awaiting_review",
  "approved",
  "rejected",
  "quarantined",
  "stale",
] as const;
export type VersionState = (typeof versionStates)[number];

/** Category and name of a module: lower case words joined by single hyphens, at most 40 characters. Never a path. */
export const moduleSlugSchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "lower case letters and digits, words joined by a hyphen");

const identifier = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, "lower case letters, digits and underscores, starting with a letter");

const credentialName = identifier.describe("Name of one of the manifest's credentials");

/** How the host proves who it is to the API. The credential is added outside the sandbox; module code never sees it. */
export const connectionAuthSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("api_key"),
    in: z.enum(["header", "query"]),
    /** Name of the header or query parameter. */
    name: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[A-Za-z0-9_.-]+$/),
    credential: credentialName,
    /** Put before the key, for example "Token ". */
    prefix: z.string().max(20).optional(),
  }),
  z.strictObject({ kind: z.literal("bearer"), credential: credentialName }),
  z.strictObject({ kind: z.literal("basic"), username: credentialName, password: credentialName }),
  z.strictObject({
    kind: z.literal("oauth2_client_credentials"),
    tokenUrl: z.url({ protocol: /^https?$/ }),
    clientId: credentialName,
    clientSecret: credentialName,
    scope: z.string().max(500).optional(),
  }),
]);
export type ConnectionAuth = z.infer<typeof connectionAuthSchema>;

export const httpMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

export const moduleConnectionSchema = z.strictObject({
  /** Scheme, host, optional port and base path. Requests can only go below it. */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  auth: connectionAuthSchema,
  methods: z.array(z.enum(httpMethods)).min(1),
});
export type ModuleConnection = z.infer<typeof moduleConnectionSchema>;

export const moduleCredentialSchema = z.strictObject({
  name: identifier,
  label: z.string().min(1).max(100),
  /** Where to get it, in one sentence. */
  help: z.string().max(500).optional(),
});
export type ModuleCredential = z.infer<typeof moduleCredentialSchema>;

/** A JSON Schema (2020-12) of type object, as far as `z.fromJSONSchema` understands it. */
export const jsonSchemaSchema = z.record(z.string(), z.json());

/** Canonical types an operation's output may declare; see lib/contracts/canonical.ts. */
export const canonicalTypeNames = [
  "CalendarEvent",
  "FinancialAccount",
  "FinancialTransaction",
  "HealthMetric",
  "HealthSummary",
  "NavigationRoute",
  "WeatherData",
  "WeatherForecast",
  "GamingProfile",
  "GamingMatch",
  "Contact",
  "Record",
] as const;
export type CanonicalTypeName = (typeof canonicalTypeNames)[number];

export const moduleOperationSchema = z.strictObject({
  /** `tool`: the model may call it. `pull`: Burgeon calls it to fill the person's context; takes no required input. */
  kind: z.enum(["pull", "tool"]),
  /** For the model and the person: what it answers, in one or two sentences. */
  description: z.string().min(10).max(1000),
  effect: z.enum(["read", "write", "destroy"]),
  /**
   * The API does the same request once when it comes twice with the same key in this header. Burgeon sets it, so that an
   * interrupted call can be made again. Left out: nobody knows after an interruption, and the person is asked.
   */
  idempotencyHeader: z
    .string()
    .max(60)
    .regex(/^(x-)?[a-z-]*idempotency-key$/i, "the name of an idempotency header, such as Idempotency-Key")
    .optional(),
  input: jsonSchemaSchema,
  output: jsonSchemaSchema,
  /** Every element of the output (or of its `items`) parses as this canonical type. */
  canonical: z.enum(canonicalTypeNames).optional(),
  /** Questions a person may ask that this operation answers; the planner and the evals use them. */
  questions: z.array(z.string().min(3).max(200)).max(20).default([]),
});
export type ModuleOperation = z.infer<typeof moduleOperationSchema>;

export const moduleManifestSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    category: moduleSlugSchema,
    name: moduleSlugSchema,
    title: z.string().min(1).max(80),
    description: z.string().min(10).max(1000),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, "three numbers such as 1.0.0"),
    connections: z.record(identifier, moduleConnectionSchema),
    credentials: z.array(moduleCredentialSchema).max(10).default([]),
    operations: z.record(identifier, moduleOperationSchema),
    /** Where the module came from, for the review page. */
    provenance: z
      .strictObject({ kind: z.enum(["openapi", "json", "wish", "hand"]), source: z.string().max(1000).optional() })
      .optional(),
  })
  .superRefine((manifest, context) => {
    const known = new Set(manifest.credentials.map((credential) => credential.name));
    if (known.size !== manifest.credentials.length)
      context.addIssue({ code: "custom", path: ["credentials"], message: "two credentials have the same name" });
    for (const [name, connection] of Object.entries(manifest.connections))
      for (const credential of credentialNamesOf(connection.auth))
        if (!known.has(credential))
          context.addIssue({
            code: "custom",
            path: ["connections", name, "auth"],
            message: `the credential "${credential}" is not listed under credentials`,
          });
    for (const [name, { effect, idempotencyHeader }] of Object.entries(manifest.operations))
      if (effect === "read" && idempotencyHeader !== undefined)
        context.addIssue({
          code: "custom",
          path: ["operations", name, "idempotencyHeader"],
          message: "a read can be repeated as it is; only writes have a key",
        });
    if (Object.keys(manifest.operations).length === 0)
      context.addIssue({ code: "custom", path: ["operations"], message: "at least one operation is needed" });
  });
/** The strict manifest of a module: the one schema, for hand-written and generated modules alike. */
export type ModuleManifest = z.infer<typeof moduleManifestSchema>;

/** The credentials a connection's auth needs. */
export function credentialNamesOf(auth: ConnectionAuth): string[] {
  switch (auth.kind) {
    case "none":
      return [];
    case "api_key":
    case "bearer":
      return [auth.credential];
    case "basic":
      return [auth.username, auth.password];
    case "oauth2_client_credentials":
      return [auth.clientId, auth.clientSecret];
  }
}

/** The name under which an operation is offered to a model: `<module name>_<operation>`, with underscores. */
export function toolNameOf(manifest: Pick<ModuleManifest, "name">, operation: string): string {
  return `${manifest.name.replaceAll("-", "_")}_${operation}`;
}

/** `{ "<path inside the module>": "<text>" }`, always with manifest.json, adapter.ts and adapter.test.ts. */
export type ModuleFiles = Record<string, string>;

export const moduleTestResultSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  message: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
  durationMs: z.number(),
});
export type ModuleTestResult = z.infer<typeof moduleTestResultSchema>;

/** What the check of one version found: stored with the version and shown on the review page. */
export const checkReportSchema = z.object({
  ok: z.boolean(),
  /** In the order they ran: manifest, size, secrets, types, compile, tests, contract. */
  stages: z.array(z.object({ name: z.string(), ok: z.boolean(), durationMs: z.number() })),
  findings: z.array(findingSchema),
  tests: z.array(moduleTestResultSchema),
  /** Operations the tests ran, of all in the manifest. */
  coverage: z.object({ operations: z.number(), tested: z.array(z.string()) }),
  /** Requests answered from cassettes. */
  cassetteRequests: z.number(),
});
export type CheckReport = z.infer<typeof checkReportSchema>;

/** One recorded exchange. Secrets are scrubbed before it is written. `cassettes/<name>.json` holds an array. */
export const cassetteEntrySchema = z.strictObject({
  connection: z.string(),
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    query: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    /** Compared as JSON when present. */
    json: z.json().optional(),
  }),
  response: z.strictObject({
    status: z.number().int(),
    headers: z.record(z.string(), z.string()).default({}),
    /** One of the two. */
    json: z.json().optional(),
    text: z.string().optional(),
  }),
});
export type CassetteEntry = z.infer<typeof cassetteEntrySchema>;

/** A right as a sentence, with whether the active version lacks it. */
export interface RightSentence {
  kind: "host" | "credential" | "reads" | "writes" | "tool" | "removed";
  /** Plain text with the important word in `subject`. */
  text: string;
  subject: string;
  /** True when the active version may not do this. */
  isNew: boolean;
}

export interface ModuleListItem {
  category: string;
  name: string;
  title: string;
  description: string;
  state: ModuleState;
  activeDigest: string | null;
  source: "built" | "folder";
  problem: string | null;
  updatedAt: string;
  lastUsedAt: string | null;
  /** The last 20 calls, oldest first. */
  recentCalls: { ok: boolean; durationMs: number }[];
  toolNames: string[];
}

export interface ModuleVersionView {
  digest: string;
  state: VersionState;
  manifest: ModuleManifest;
  report: CheckReport | null;
  origin: "built" | "folder" | "import";
  note: string | null;
  createdAt: string;
  decidedAt: string | null;
}

export interface ModuleDetail extends ModuleListItem {
  /** Newest first. */
  versions: ModuleVersionView[];
  /** Of the active version, else of the newest one awaiting review. */
  credentials: { name: string; label: string; help: string | null; isSet: boolean }[];
  previousDigest: string | null;
}

export interface ReviewView {
  module: ModuleListItem;
  version: ModuleVersionView;
  /** False when a newer version awaits review or this one was decided: the page says "this moved on". */
  isCurrent: boolean;
  newerDigest: string | null;
  rights: RightSentence[];
  files: { path: string; before: string | null; after: string | null }[];
  history: { action: string; at: string; actor: string; detail: Record<string, unknown> }[];
  conversationId: string | null;
}
