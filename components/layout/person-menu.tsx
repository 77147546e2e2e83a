"use client";

import { Keyboard, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { signOut } from "next-auth/react";
import { useTheme } from "next-themes";
import { useState } from "react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { forgetDrafts } from "./drafts";

const themes = [
  { value: "system", label: "As the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

interface Props {
  person: { name: string; email: string };
  isCompact: boolean;
  onHelp: () => void;
}

export function PersonMenu({ person, isCompact, onHelp }: Props) {
  const { theme, setTheme } = useTheme();
  const [hasFailed, setFailed] = useState(false);
  const leave = async () => {
    setFailed(false);
    try {
      await signOut({ redirect: false });
    } catch {
      return setFailed(true);
    }
    forgetDrafts();
    // A full load: nothing of this person stays in the memory of the page.
    window.location.assign("/sign-in");
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`${person.name}: account and appearance`}
        className="flex w-full min-w-0 cursor-pointer items-center gap-2.5 rounded-md p-1.5 text-left text-sm outline-none transition-colors hover:bg-border/60 focus-visible:ring-2 focus-visible:ring-ring"
      >
        <span
          aria-hidden
          className="flex size-7 shrink-0 items-center justify-center rounded-full bg-primary/12 font-medium text-primary text-xs"
        >
          {initialOf(person.name)}
        </span>
        {!isCompact && <span className="truncate">{person.name}</span>}
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top" align="start" className="w-56">
        <DropdownMenuLabel className="truncate">{person.email}</DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Appearance</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={setTheme}>
          {themes.map(({ value, label, icon: Icon }) => (
            <DropdownMenuRadioItem key={value} value={value}>
              <Icon aria-hidden className="size-4" /> {label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onHelp}>
          <Keyboard aria-hidden className="size-4" /> Keys
          <kbd className="ml-auto font-mono text-muted-foreground text-xs">?</kbd>
        </DropdownMenuItem>
        <DropdownMenuItem
          onSelect={(event) => {
            event.preventDefault();
            void leave();
          }}
        >
          <LogOut aria-hidden className="size-4" /> Sign out
        </DropdownMenuItem>
        {hasFailed && (
          <p role="alert" className="px-2 py-1.5 text-destructive text-xs">
            Burgeon did not answer, so you are still signed in. Try again.
          </p>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function initialOf(name: string): string {
  return (Array.from(name.trim())[0] ?? "?").toUpperCase();
}
