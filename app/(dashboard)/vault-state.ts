import { cache } from "react";
import { readVaultState } from "@/lib/http/health";

/** Looked at once for a page and its frame. */
export const findVaultState = cache(readVaultState);
