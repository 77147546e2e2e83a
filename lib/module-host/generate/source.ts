import type { JsonObject } from "./json-value";

/** What a module is made from. Plain JSON, so that a build can keep it. */
export type Source =
  | {
      kind: "openapi";
      document: JsonObject;
      /** Where the document was loaded from, or the address that came with a pasted one. */
      url: string | null;
      /** `found`: not at the address the person gave, but near it. */
      origin: "given" | "pasted" | "found";
    }
  | {
      kind: "json";
      sample: unknown;
      /** The address that answered with the sample. */
      url: string;
      origin: "given" | "pasted";
    };

export interface LoadedPage {
  status: number;
  contentType: string;
  text: string;
  /** After redirects. */
  url: string;
}

export type LoadPage = (url: string) => Promise<LoadedPage>;
