"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import type { Connection } from "./tail";

// A restart or a change of network is over sooner than this and needs no words.
const patienceMs = 2_500;

/** Says when what is on the screen may be behind, and what to do about it. */
export function ConnectionNote({ connection }: { connection: Connection }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (connection !== "reconnecting") return;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [connection]);
  if (connection === "gone")
    return (
      <Note>
        This conversation was deleted. <NoteLink href="/chat">Start a new one</NoteLink>
      </Note>
    );
  if (connection === "signed-out")
    return (
      <Note>
        You were signed out. <NoteLink href="/sign-in">Sign in again</NoteLink>
      </Note>
    );
  if (connection === "reconnecting" && isLong)
    return <Note>Burgeon does not answer. Trying again; nothing is lost.</Note>;
  return null;
}

function Note({ children }: { children: React.ReactNode }) {
  return (
    <p
      role="status"
      className="mx-auto mb-2 w-fit max-w-[calc(100%-2rem)] rounded-full border border-warning/40 bg-warning/10 px-3 py-1 text-center text-sm text-warning"
    >
      {children}
    </p>
  );
}

function NoteLink({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <Link href={href} className="font-medium underline underline-offset-4">
      {children}
    </Link>
  );
}
