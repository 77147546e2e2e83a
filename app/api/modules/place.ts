import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";

/** Category and name in an address. What is no slug is no module either: lib/db answers "not found". */
export const place = z.object({ category: z.string().max(100), name: z.string().max(100) });

/** With the digest of a version; the colon may come encoded. */
export const versionPlace = place.extend({
  digest: z.string().transform((text) => {
    const digest = decodeURIComponent(text);
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new AppError("not-found", "This module has no such version.");
    return digest;
  }),
});
