"use client";

import { MoreHorizontal, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import type { ConversationListItem } from "@/lib/contracts/conversation";
import { tellConversationsChanged } from "./conversations-changed";

/** One conversation in the sidebar, with what can be done to it behind one button. */
export function ConversationRow({ conversation, onOpen }: { conversation: ConversationListItem; onOpen: () => void }) {
  const { conversationId, title, pinned, isBusy } = conversation;
  const pathname = usePathname();
  const [asks, setAsks] = useState<"rename" | "delete" | null>(null);
  const { run, failure, isBusy: isWorking } = useAction();
  const path = `/api/conversations/${conversationId}`;
  const isOpen = pathname === `/chat/${conversationId}`;
  const pin = () =>
    run(async () => {
      await sendJson("PATCH", path, { pinned: !pinned });
      tellConversationsChanged();
    });
  return (
    <li className="group relative flex items-center">
      <Link
        href={`/chat/${conversationId}`}
        onClick={onOpen}
        title={title}
        aria-current={isOpen ? "page" : undefined}
        className="flex min-w-0 grow items-center gap-2 rounded-md py-2 pr-9 pl-2.5 text-sm outline-none transition-colors hover:bg-border/60 focus-visible:ring-2 focus-visible:ring-ring aria-[current]:bg-border/60 aria-[current]:font-medium md:py-1.5"
      >
        <span className="truncate">{title || "Untitled"}</span>
        {isBusy && (
          <span className="size-1.5 shrink-0 animate-pulse rounded-full bg-primary">
            <span className="sr-only">Burgeon is at work here</span>
          </span>
        )}
      </Link>
      <DropdownMenu>
        <DropdownMenuTrigger
          aria-label={`Actions for ${title || "untitled conversation"}`}
          disabled={isWorking}
          className="absolute right-1 cursor-pointer rounded-md p-1.5 text-muted-foreground outline-none hover:bg-border focus-visible:opacity-100 focus-visible:ring-2 focus-visible:ring-ring data-[state=open]:opacity-100 md:opacity-0 md:group-hover:opacity-100"
        >
          <MoreHorizontal aria-hidden className="size-4" />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start">
          <DropdownMenuItem onSelect={() => void pin()}>
            {pinned ? <PinOff aria-hidden className="size-4" /> : <Pin aria-hidden className="size-4" />}
            {pinned ? "Unpin" : "Pin"}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setAsks("rename")}>
            <Pencil aria-hidden className="size-4" /> Rename…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setAsks("delete")}>
            <Trash2 aria-hidden className="size-4" /> Delete…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {failure && (
        <span role="alert" className="sr-only">
          {failure}
        </span>
      )}
      {asks === "rename" && <RenameDialog conversation={conversation} onClose={() => setAsks(null)} />}
      {asks === "delete" && <DeleteDialog conversation={conversation} isOpen={isOpen} onClose={() => setAsks(null)} />}
    </li>
  );
}

function RenameDialog({ conversation, onClose }: { conversation: ConversationListItem; onClose: () => void }) {
  const { run, isBusy, failure } = useAction();
  const [title, setTitle] = useState(conversation.title);
  const save = async () => {
    const done = await run(async () => {
      await sendJson("PATCH", `/api/conversations/${conversation.conversationId}`, { title: title.trim() });
      tellConversationsChanged();
    });
    if (done) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>Rename conversation</DialogTitle>
        </DialogHeader>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Input
            aria-label="Title"
            required
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
          <FailureNote text={failure} />
          <DialogFooter>
            <Button variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={isBusy || title.trim() === ""}>
              Rename
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function DeleteDialog({
  conversation,
  isOpen,
  onClose,
}: {
  conversation: ConversationListItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const router = useRouter();
  const { run, isBusy, failure } = useAction();
  const remove = async () => {
    const done = await run(async () => {
      await sendJson("DELETE", `/api/conversations/${conversation.conversationId}`);
      if (isOpen) router.push("/chat");
      tellConversationsChanged();
    });
    if (done) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Delete this conversation?</DialogTitle>
          <DialogDescription>
            “{conversation.title || "Untitled"}” and everything in it goes away for good. Modules that were built in it
            stay.
          </DialogDescription>
        </DialogHeader>
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="destructive" disabled={isBusy} onClick={() => void remove()}>
            Delete
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
