import { decodeEntities } from "../decode-entities";

/** Text without the markup that search services put around the words they found. */
export function plainText(html: string): string {
  return decodeEntities(html.replace(/<\/?[a-z][^<>]{0,200}>/gi, ""))
    .replace(/\s+/g, " ")
    .trim();
}
