"use client";

import { Hand, Menu, SquarePen } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useOpenApprovals } from "@/components/approvals/use-open-approvals";
import { Dialog, DialogTitle, DrawerContent } from "@/components/ui/dialog";
import type { ConversationListItem } from "@/lib/contracts/conversation";
import type { VaultState } from "@/lib/contracts/vault";
import { CommandPalette } from "./command-palette";
import { HelpDialog } from "./help-dialog";
import { Logo } from "./logo";
import { Sidebar } from "./sidebar";
import { useConversations } from "./use-conversations";
import { useShortcuts } from "./use-shortcuts";
import { VaultBanner } from "./vault-banner";
import { WaitingBadge } from "./waiting-badge";

interface Props {
  person: { name: string; email: string };
  conversations: ConversationListItem[];
  /** The day in UTC when the server prepared the page, as `2026-11-24`. */
  serverDay: string;
  /** Questions that wait for the person, when the server prepared the page. */
  openApprovals: number;
  vault: VaultState;
  /** They run this installation. */
  isRunner: boolean;
  /** Everything the sample services answer is sample data, and the frame says so. */
  isDemo: boolean;
  isCompact: boolean;
  children: React.ReactNode;
}

const cookieAgeSeconds = 365 * 24 * 60 * 60;

/** Sidebar and page side by side; under 768 px a bar on top and the sidebar in a drawer. */
export function AppFrame(props: Props) {
  const { person, serverDay, vault, isRunner, isDemo, isCompact: wasCompact, children } = props;
  const list = useConversations(props.conversations);
  const openApprovals = useOpenApprovals(props.openApprovals);
  const [isCompact, setCompact] = useState(wasCompact);
  const [open, setOpen] = useState<"drawer" | "palette" | "help" | null>(null);
  const toggle = () => {
    setCompact(!isCompact);
    // Read by the server, so that the next page comes in the right width at once.
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not there over plain HTTP.
    document.cookie = `burgeon.sidebar=${isCompact ? "wide" : "compact"}; path=/; max-age=${cookieAgeSeconds}; samesite=lax`;
  };
  useShortcuts({
    onPalette: () => setOpen(open === "palette" ? null : "palette"),
    onHelp: () => setOpen("help"),
    onSidebar: toggle,
  });
  const shared = {
    person,
    list,
    serverDay,
    openApprovals,
    onSearch: () => setOpen("palette"),
    onHelp: () => setOpen("help"),
  };
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-primary focus:px-3 focus:py-2 focus:text-primary-foreground"
      >
        Go to the content
      </a>
      <header className="flex h-12 shrink-0 items-center gap-1 border-b bg-sidebar px-2 md:hidden">
        <button type="button" onClick={() => setOpen("drawer")} aria-label="Open the menu" className={barButton}>
          <Menu aria-hidden className="size-5" />
        </button>
        <Link href="/chat" className="flex items-center gap-2 rounded-md px-1.5 py-1 font-semibold tracking-tight">
          <Logo className="size-5 text-primary" /> Burgeon
        </Link>
        {isDemo && (
          <span className="rounded-full border px-2 py-0.5 text-muted-foreground text-xs">Demo · sample data</span>
        )}
        {openApprovals > 0 && (
          <Link
            href="/approvals"
            aria-label={`Approvals, ${openApprovals} waiting`}
            className={`${barButton} relative ml-auto text-warning`}
          >
            <Hand aria-hidden className="size-5" />
            <WaitingBadge count={openApprovals} isCompact />
          </Link>
        )}
        <Link href="/chat" aria-label="New chat" className={`${barButton} ${openApprovals > 0 ? "" : "ml-auto"}`}>
          <SquarePen aria-hidden className="size-5" />
        </Link>
      </header>
      <aside
        aria-label="Sidebar"
        className={`hidden shrink-0 border-r bg-sidebar md:block ${isCompact ? "w-16" : "w-68"}`}
      >
        <Sidebar {...shared} isCompact={isCompact} onToggle={toggle} onOpen={() => undefined} />
      </aside>
      <Dialog open={open === "drawer"} onOpenChange={(isOpen) => setOpen(isOpen ? "drawer" : null)}>
        <DrawerContent aria-describedby={undefined}>
          <DialogTitle className="sr-only">Menu</DialogTitle>
          <Sidebar {...shared} isCompact={false} onToggle={() => setOpen(null)} onOpen={() => setOpen(null)} />
        </DrawerContent>
      </Dialog>
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <VaultBanner state={vault} isRunner={isRunner} />
        <main
          id="main"
          tabIndex={-1}
          className="relative min-h-0 min-w-0 grow overflow-y-auto outline-none focus-visible:outline-none"
        >
          {isDemo && (
            <p className="pointer-events-none absolute top-3 right-4 z-10 hidden rounded-full border bg-card px-2.5 py-0.5 text-muted-foreground text-xs md:block">
              Demo · sample data
            </p>
          )}
          {children}
        </main>
      </div>
      {open === "palette" && (
        <CommandPalette
          conversations={list.conversations}
          onClose={() => setOpen(null)}
          onHelp={() => setOpen("help")}
        />
      )}
      <HelpDialog isOpen={open === "help"} onClose={() => setOpen(null)} />
    </div>
  );
}

const barButton =
  "inline-flex size-9 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring";
