"use client";

import { Command } from "cmdk";
import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Popover, PopoverContent, PopoverTrigger } from "./popover";

interface Props {
  /** The one there is; null where several differ, or there is none yet. */
  value: string | null;
  /** Known ones, by name. Any other may be typed. */
  categories: readonly string[];
  /** What is sorted: "Category of Starbucks on 3 Nov". */
  label: string;
  onChoose: (category: string) => void;
  isDisabled?: boolean;
  className?: string;
  children: ReactNode;
}

const maxLetters = 60;

/** A button that opens the known categories: typing narrows them, and what is none of them becomes a new one. */
export function CategoryPicker({ value, categories, label, onChoose, isDisabled, className, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const typed = text.trim().slice(0, maxLetters);
  const isNew = typed !== "" && !categories.some((one) => one.toLowerCase() === typed.toLowerCase());
  const open = (next: boolean) => {
    setText("");
    setOpen(next);
  };
  const choose = (category: string) => {
    open(false);
    if (category !== value) onChoose(category);
  };
  return (
    <Popover open={isOpen} onOpenChange={open}>
      <PopoverTrigger type="button" disabled={isDisabled} aria-label={label} className={className}>
        {children}
      </PopoverTrigger>
      <PopoverContent aria-label="Choose a category" className="p-0">
        <Command label="Search categories, or type a new one" loop defaultValue={value ?? undefined}>
          <Command.Input
            value={text}
            onValueChange={setText}
            maxLength={maxLetters}
            placeholder="Search or type a new one"
            className="h-10 w-full border-b bg-transparent px-3 text-base outline-none sm:text-sm"
          />
          <Command.List className="max-h-64 overflow-y-auto p-1">
            <Command.Empty className="px-3 py-4 text-muted-foreground">Type a category.</Command.Empty>
            {categories.map((category) => (
              <Item key={category} value={category} isCurrent={category === value} onSelect={() => choose(category)}>
                {category}
              </Item>
            ))}
            {isNew && (
              <Item value={`new category ${typed}`} isCurrent={false} onSelect={() => choose(typed)}>
                New category “{typed}”
              </Item>
            )}
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

interface ItemProps {
  value: string;
  isCurrent: boolean;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ value, isCurrent, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 data-[selected=true]:bg-muted"
    >
      <Check aria-hidden className={`size-3.5 shrink-0 ${isCurrent ? "" : "invisible"}`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {children}
        {isCurrent && <span className="sr-only"> (now)</span>}
      </span>
    </Command.Item>
  );
}
