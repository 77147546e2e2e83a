import { LockKeyhole } from "lucide-react";
import type { VaultState } from "@/lib/contracts/vault";

/** True when stored keys can be neither used nor replaced now. */
export function isVaultLocked(state: VaultState): boolean {
  return state === "locked" || state === "no-key";
}

/** Beside a form for keys that cannot take any now. The banner above says why and what to do. */
export function LockedNote({ state, canRemove = false }: { state: VaultState; canRemove?: boolean }) {
  if (!isVaultLocked(state)) return null;
  return (
    <p className="mt-3 flex items-start gap-1.5 text-sm text-warning">
      <LockKeyhole aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        Locked. What is set here can be neither used nor replaced until Burgeon runs with its master key
        {canRemove ? "; removing it works." : "."}
      </span>
    </p>
  );
}
