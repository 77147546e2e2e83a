"use client";

import { ArrowUp, Square } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useState } from "react";
import { CommandMenu, optionId } from "./command-menu";
import { matchCommands, type SlashCommand } from "./slash-commands";

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
  /** Null while there is nothing to stop. */
  onStop: (() => void) | null;
  isStopping: boolean;
  /** False while a first message is on its way: a second one would begin another conversation. */
  canSend: boolean;
  /** What ↑ in the empty field does: edits the last message in its place. Null when there is none. */
  onEditLast: (() => void) | null;
}

const tallestPx = 240;

/** The field: grows with its text, sends with Enter, knows commands, and its one button sends or stops. */
export function Composer({ field, text, onText, onSend, onStop, isStopping, canSend, onEditLast }: Props) {
  const menu = useCommandMenu(text, onText);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = text === "" ? "" : `${Math.min(element.scrollHeight, tallestPx)}px`;
  }, [field, text]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter and arrows belong to the input method while it composes.
    if (event.nativeEvent.isComposing) return;
    if (menu.onKeyDown(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (canSend && text.trim() !== "") onSend();
    }
    if (event.key === "ArrowUp" && text === "" && onEditLast !== null) {
      event.preventDefault();
      onEditLast();
    }
  };
  const isStop = onStop !== null && text.trim() === "";
  return (
    <form
      className="relative mx-auto w-full max-w-3xl px-4 pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (isStop) onStop();
        else if (canSend && text.trim() !== "") onSend();
      }}
    >
      <div className="relative flex items-end rounded-2xl border border-control bg-card p-1.5 shadow-xs transition-colors focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/40">
        {menu.commands.length > 0 && (
          <CommandMenu id={menu.id} commands={menu.commands} chosen={menu.chosen} onChoose={menu.choose} />
        )}
        <textarea
          ref={field}
          rows={1}
          aria-label="Message"
          placeholder="Ask, or say what to build"
          enterKeyHint="send"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          {...menu.fieldProps}
          className="max-h-60 min-h-9 min-w-0 grow resize-none bg-transparent px-2.5 py-1.5 text-base leading-6 outline-none sm:text-[15px]"
        />
        <button
          type="submit"
          aria-label={isStop ? "Stop" : "Send"}
          title={isStop ? "Stop (Esc)" : "Send (Enter)"}
          disabled={isStop ? isStopping : !canSend || text.trim() === ""}
          className="inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-full bg-primary text-primary-foreground outline-none transition-colors hover:bg-primary/90 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-card disabled:cursor-default disabled:bg-muted disabled:text-muted-foreground"
        >
          {isStop ? (
            <Square aria-hidden className="size-3.5 fill-current" />
          ) : (
            <ArrowUp aria-hidden className="size-4.5" />
          )}
        </button>
      </div>
    </form>
  );
}

function useCommandMenu(text: string, onText: (text: string) => void) {
  const router = useRouter();
  const id = useId();
  const [place, setPlace] = useState(0);
  // Escape closes the menu for exactly this text.
  const [closedFor, setClosedFor] = useState<string | null>(null);
  const commands = text === closedFor ? [] : matchCommands(text);
  const isOpen = commands.length > 0;
  const chosen = Math.min(place, Math.max(0, commands.length - 1));
  const choose = (command: SlashCommand) => {
    setPlace(0);
    onText(command.insert ?? "");
    if (command.href) router.push(command.href);
  };
  /** True when the key was for the menu. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setPlace((chosen + step + commands.length) % commands.length);
      return true;
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      setClosedFor(text);
      return true;
    }
    const command = commands[chosen];
    if (!command || (event.key !== "Enter" && event.key !== "Tab") || event.shiftKey) return false;
    choose(command);
    return true;
  };
  const fieldProps = {
    "aria-autocomplete": "list" as const,
    "aria-controls": isOpen ? id : undefined,
    "aria-activedescendant": isOpen ? optionId(id, chosen) : undefined,
  };
  return { id, commands, chosen, choose, onKeyDown, fieldProps };
}
