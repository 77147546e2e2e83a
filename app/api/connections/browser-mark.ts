import { randomBytes } from "node:crypto";
import { env } from "@/lib/env";

const name = "burgeon_connect";
const seconds = 15 * 60;

/** What the browser that begins a sign-in shows again when it comes back: a random value in a cookie that only these routes see. */
export function makeBrowserMark(): { mark: string; cookie: string } {
  const mark = randomBytes(32).toString("base64url");
  const secure = env().BURGEON_URL.startsWith("https://") ? "; Secure" : "";
  return { mark, cookie: `${name}=${mark}; Path=/api/connect; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}` };
}

/** The mark of a request; empty when it has none, which fits no attempt. */
export function readBrowserMark(request: Request): string {
  const pairs = (request.headers.get("cookie") ?? "").split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}
