import { LockKeyhole } from "lucide-react";
import type { VaultState } from "@/lib/contracts/vault";

interface Props {
  state: VaultState;
  /** They run this installation and can do something about it. */
  isRunner: boolean;
}

interface Words {
  title: string;
  text: string;
  steps: string;
}

const words: Partial<Record<VaultState, Words>> = {
  locked: {
    title: "Burgeon’s keys are locked.",
    text: "They were sealed with another master key than the one Burgeon was started with. Models, modules and connections that need a key wait; everything else works, and nothing was overwritten.",
    steps:
      "Start Burgeon with the master key of this installation: as BURGEON_MASTER_KEY, or in the file master-key of its data directory. If it is lost, look for a copy in a backup.",
  },
  "no-key": {
    title: "Burgeon has no master key that it can use.",
    text: "Keys can be neither read nor stored, so models, modules and connections that need one wait. Everything else works.",
    steps:
      "Set BURGEON_MASTER_KEY, or name a file that Burgeon may read in BURGEON_MASTER_KEY_FILE, and start it again. For an installation that has no key yet it is 32 random bytes in base64.",
  },
};

/** Says on every page that what needs a stored key cannot work now, and what to do about it. */
export function VaultBanner({ state, isRunner }: Props) {
  const said = words[state];
  if (!said) return null;
  return (
    <section
      aria-label="Locked keys"
      className="flex shrink-0 gap-2.5 border-warning/40 border-b bg-warning/10 px-4 py-2.5 text-sm sm:px-8"
    >
      <LockKeyhole aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div className="min-w-0 max-w-4xl">
        <p>
          <strong className="font-medium text-warning">{said.title}</strong> {said.text}
        </p>
        <details className="mt-1">
          <summary className="w-fit cursor-pointer font-medium underline-offset-4 outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring">
            What to do
          </summary>
          <p className="mt-1 break-words">
            {isRunner ? said.steps : "Tell whoever runs this installation of Burgeon."}
          </p>
        </details>
      </div>
    </section>
  );
}
