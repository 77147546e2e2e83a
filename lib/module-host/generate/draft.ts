import type { ConnectionAuth, ModuleCredential, ModuleOperation } from "@/lib/contracts/module";
import type { CanonicalMapping } from "./canonical-map";
import type { Paging } from "./find-paging";
import type { Shape } from "./shape";

/** A module before it is written: everything that is decided about it. */
export interface ModuleDraft {
  category: string;
  name: string;
  title: string;
  description: string;
  kind: "openapi" | "json";
  /** Where it came from, for the review page. */
  provenance: string;
  connection: ConnectionDraft;
  credentials: ModuleCredential[];
  operations: OperationDraft[];
}

export interface ConnectionDraft {
  name: string;
  baseUrl: string;
  auth: ConnectionAuth;
}

export interface OperationDraft {
  name: string;
  kind: "tool" | "pull";
  effect: ModuleOperation["effect"];
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{wire names}` of path parameters. */
  path: string;
  /** One line. */
  summary: string;
  /** For the model: what it answers, in one or two sentences. */
  description: string;
  questions: string[];
  parameters: ParameterDraft[];
  /** Of the request: the body as one value when it is not an object of parameters. */
  bodyKind: "json" | "form" | null;
  /** The header by which the API knows a repeated request; Burgeon sets it. */
  idempotencyHeader: string | null;
  reply: ReplyDraft;
  canonical: CanonicalMapping | null;
  /** The thing it is about, such as "loan". */
  noun: string;
  /** The tool that does the same when it gets no input; null for a tool. */
  pullOf: string | null;
}

export interface ParameterDraft {
  /** Key of the input; null when a fixed value is sent. */
  input: string | null;
  /** Name in the request. Empty: the body itself. */
  wire: string;
  /** `collect`: not sent, it ends the collecting of pages. */
  in: "path" | "query" | "header" | "body" | "collect";
  shape: Shape;
  isRequired: boolean;
  /** Sent when the input has none. */
  fallback: string | number | boolean | null;
  /** Several values in one, joined by commas, instead of repeated. */
  isJoined: boolean;
  /** A value to try it with. */
  example: unknown;
}

export interface ReplyDraft {
  kind: "json" | "text" | "none";
  status: number;
  shape: Shape;
  /** A whole reply: an example of the document, or the real one. */
  example: unknown;
  /** The example is what the service really said. */
  isReal: boolean;
  /** Where the list is whose items are the answer; null when the reply as a whole is the answer. */
  list: string[] | null;
  /** Where the number of all items is. */
  total: string[] | null;
  paging: Paging | null;
}
