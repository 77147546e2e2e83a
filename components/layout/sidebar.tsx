"use client";

import {
  Blocks,
  Cable,
  CalendarDays,
  Hand,
  History,
  PanelLeft,
  Search,
  Settings,
  SquarePen,
  Sunrise,
  Wallet,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { ConversationList } from "./conversation-list";
import { Logo } from "./logo";
import { PersonMenu } from "./person-menu";
import type { useConversations } from "./use-conversations";
import { WaitingBadge } from "./waiting-badge";

const pages = [
  { href: "/today", label: "Today", icon: Sunrise },
  { href: "/money", label: "Money", icon: Wallet },
  { href: "/calendar", label: "Calendar", icon: CalendarDays },
  { href: "/modules", label: "Modules", icon: Blocks },
  { href: "/connections", label: "Connections", icon: Cable },
  { href: "/approvals", label: "Approvals", icon: Hand },
  { href: "/activity", label: "Activity", icon: History },
  { href: "/settings", label: "Settings", icon: Settings },
] as const;

export interface SidebarProps {
  person: { name: string; email: string };
  list: ReturnType<typeof useConversations>;
  serverDay: string;
  /** Questions that wait for the person. */
  openApprovals: number;
  /** Icons only. */
  isCompact: boolean;
  onToggle: () => void;
  onSearch: () => void;
  onHelp: () => void;
  /** A link was followed: the drawer closes. */
  onOpen: () => void;
}

/** The frame's left side. The same on a phone, where it stands in a drawer. */
export function Sidebar(props: SidebarProps) {
  const { person, list, serverDay, openApprovals, isCompact, onToggle, onSearch, onHelp, onOpen } = props;
  const pathname = usePathname();
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className={cn("flex items-center gap-1 px-3 py-3", isCompact && "flex-col")}>
        {!isCompact && (
          <Link
            href="/chat"
            onClick={onOpen}
            className="mr-auto flex items-center gap-2 rounded-md px-1.5 py-1 font-semibold tracking-tight"
          >
            <Logo className="size-5 text-primary" /> Burgeon
          </Link>
        )}
        <button
          type="button"
          onClick={onToggle}
          aria-expanded={!isCompact}
          aria-label={isCompact ? "Show the sidebar" : "Hide the sidebar"}
          className={iconButton}
        >
          <PanelLeft aria-hidden className="size-4.5" />
        </button>
        <button
          type="button"
          onClick={onSearch}
          aria-label="Go to anything (Ctrl or Cmd and K)"
          title="Go to anything"
          className={iconButton}
        >
          <Search aria-hidden className="size-4.5" />
        </button>
      </div>
      <div className="px-3 pb-2">
        <SidebarLink
          href="/chat"
          label="New chat"
          icon={SquarePen}
          isCompact={isCompact}
          isCurrent={pathname === "/chat"}
          onOpen={onOpen}
        />
      </div>
      {isCompact ? <div className="grow" /> : <ConversationList list={list} serverDay={serverDay} onOpen={onOpen} />}
      <nav aria-label="Pages" className="flex flex-col gap-0.5 border-t px-3 py-2">
        {pages.map((page) => (
          <SidebarLink
            key={page.href}
            {...page}
            isCompact={isCompact}
            isCurrent={pathname.startsWith(page.href)}
            waiting={page.href === "/approvals" ? openApprovals : 0}
            onOpen={onOpen}
          />
        ))}
        <PersonMenu person={person} isCompact={isCompact} onHelp={onHelp} />
      </nav>
    </div>
  );
}

const iconButton =
  "inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none transition-colors hover:bg-border/60 hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring";

interface SidebarLinkProps {
  href: string;
  label: string;
  icon: typeof Blocks;
  isCompact: boolean;
  isCurrent: boolean;
  /** How many things there wait for the person. */
  waiting?: number;
  onOpen: () => void;
}

function SidebarLink({ href, label, icon: Icon, isCompact, isCurrent, waiting = 0, onOpen }: SidebarLinkProps) {
  const name = waiting > 0 ? `${label}, ${waiting} waiting` : label;
  return (
    <Link
      href={href}
      onClick={onOpen}
      title={isCompact ? name : undefined}
      aria-label={isCompact || waiting > 0 ? name : undefined}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "relative flex items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none transition-colors hover:bg-border/60 focus-visible:ring-2 focus-visible:ring-ring aria-[current]:bg-border/60 aria-[current]:font-medium md:py-1.5",
        isCompact && "justify-center px-0",
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {!isCompact && label}
      {waiting > 0 && <WaitingBadge count={waiting} isCompact={isCompact} />}
    </Link>
  );
}
