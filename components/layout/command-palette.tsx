"use client";

import {
  Blocks,
  Cable,
  CalendarDays,
  FileUp,
  Gauge,
  Hammer,
  Hand,
  History,
  KeyRound,
  Keyboard,
  MessageSquare,
  Moon,
  SlidersHorizontal,
  SquarePen,
  Sun,
  Sunrise,
  MapPin,
  Wallet,
} from "lucide-react";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useEffect, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { Dialog, DialogContent, DialogTitle } from "@/components/ui/dialog";
import type { ConversationListItem } from "@/lib/contracts/conversation";
import type { ModuleListItem } from "@/lib/contracts/module";

const pages = [
  { href: "/chat", label: "New chat", icon: SquarePen },
  { href: "/today", label: "Today", icon: Sunrise },
  { href: "/money", label: "Money", icon: Wallet },
  { href: "/money/transactions", label: "Money: transactions", icon: Wallet },
  { href: "/money/import", label: "Money: import a file", icon: FileUp },
  { href: "/money/rules", label: "Money: rules", icon: Wallet },
  { href: "/calendar", label: "Calendar", icon: CalendarDays },
  { href: "/modules", label: "Modules", icon: Blocks },
  { href: "/modules/new", label: "Build a module", icon: Hammer },
  { href: "/connections", label: "Connections", icon: Cable },
  { href: "/approvals", label: "Approvals", icon: Hand },
  { href: "/activity", label: "Activity", icon: History },
  { href: "/settings/places", label: "Settings: places, time zone and profile", icon: MapPin },
  { href: "/settings/limits", label: "Settings: limits of runs and days", icon: Gauge },
  { href: "/settings/models", label: "Settings: models and keys", icon: SlidersHorizontal },
  { href: "/settings/tokens", label: "Settings: tokens for other programs", icon: KeyRound },
] as const;

interface Props {
  conversations: ConversationListItem[];
  onClose: () => void;
  onHelp: () => void;
}

/** Goes anywhere by a few letters: conversations, modules, pages, appearance. */
export function CommandPalette({ conversations, onClose, onHelp }: Props) {
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const modules = useModules();
  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  const isDark = resolvedTheme === "dark";
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        aria-describedby={undefined}
        hasCloseButton={false}
        className="top-[12dvh] max-h-[70dvh] translate-y-0 gap-0 overflow-hidden p-0"
      >
        <DialogTitle className="sr-only">Go to</DialogTitle>
        <Command label="Go to" loop className="flex min-h-0 flex-col">
          <Command.Input
            placeholder="Go to a conversation, a module or a page"
            className="h-12 w-full shrink-0 border-b bg-transparent px-4 text-base outline-none sm:text-sm"
          />
          <Command.List className="min-h-0 overflow-y-auto p-2">
            <Command.Empty className="px-3 py-6 text-center text-muted-foreground text-sm">
              Nothing matches.
            </Command.Empty>
            <Group heading="Pages">
              {pages.map(({ href, label, icon }) => (
                <Item key={href} value={label} icon={icon} label={label} onSelect={() => go(href)} />
              ))}
            </Group>
            {conversations.length > 0 && (
              <Group heading="Conversations">
                {conversations.map(({ conversationId, title }) => (
                  <Item
                    key={conversationId}
                    value={`${title} ${conversationId}`}
                    icon={MessageSquare}
                    label={title || "Untitled"}
                    onSelect={() => go(`/chat/${conversationId}`)}
                  />
                ))}
              </Group>
            )}
            {modules.list.length > 0 && (
              <Group heading="Modules">
                {modules.list.map(({ category, name, title, toolNames }) => (
                  <Item
                    key={`${category}/${name}`}
                    value={`${title} ${category}/${name} ${toolNames.join(" ")}`}
                    icon={Blocks}
                    label={title}
                    onSelect={() => go(`/modules/${category}/${name}`)}
                  />
                ))}
              </Group>
            )}
            <Group heading="Actions">
              <Item
                value="appearance theme dark light"
                icon={isDark ? Sun : Moon}
                label={isDark ? "Light appearance" : "Dark appearance"}
                onSelect={() => setTheme(isDark ? "light" : "dark")}
              />
              <Item value="help keys shortcuts" icon={Keyboard} label="Keys" onSelect={onHelp} />
            </Group>
          </Command.List>
          {modules.hasFailed && (
            <p role="status" className="border-t px-4 py-2 text-muted-foreground text-xs">
              Your modules could not be read; they are missing here.
            </p>
          )}
        </Command>
      </DialogContent>
    </Dialog>
  );
}

function useModules() {
  const [list, setList] = useState<ModuleListItem[]>([]);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    let isGone = false;
    sendJson<{ modules: ModuleListItem[] }>("GET", "/api/modules").then(
      ({ modules }) => !isGone && setList(modules),
      () => !isGone && setFailed(true),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return { list, hasFailed };
}

function Group({ heading, children }: { heading: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="mb-1 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  icon: Icon,
  label,
  onSelect,
}: {
  value: string;
  icon: typeof Blocks;
  label: string;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex cursor-default select-none items-center gap-3 rounded-md px-3 py-2 text-sm data-[selected=true]:bg-muted"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      <span className="truncate">{label}</span>
    </Command.Item>
  );
}
