import Link from "next/link";

interface Props {
  label: string;
  choices: readonly { href: string; label: string; isOn: boolean }[];
}

/** Chips that are links: what is looked at lives in the address. */
export function ChoiceNav({ label, choices }: Props) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-1">
        {choices.map((choice) => (
          <li key={choice.href}>
            <Link
              href={choice.href}
              scroll={false}
              aria-current={choice.isOn ? "true" : undefined}
              className="inline-block rounded-full border px-3 py-1 text-sm transition-colors hover:bg-muted aria-[current]:border-foreground/40 aria-[current]:bg-muted aria-[current]:font-medium"
            >
              {choice.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
