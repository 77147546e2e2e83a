"use client";

import { cn } from "@/components/ui/cn";
import type { SlashCommand } from "./slash-commands";

interface Props {
  id: string;
  commands: readonly SlashCommand[];
  chosen: number;
  onChoose: (command: SlashCommand) => void;
}

/** The commands above the field. The field keeps the focus; `chosen` is where its arrow keys are. */
export function CommandMenu({ id, commands, chosen, onChoose }: Props) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Commands"
      className="absolute inset-x-0 bottom-full mb-2 rounded-lg border bg-card p-1 shadow-md"
    >
      {commands.map((command, index) => (
        <div
          key={command.name}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className={cn(
            "flex cursor-default items-baseline gap-3 rounded-md px-3 py-1.5 text-sm",
            index === chosen && "bg-muted",
          )}
          // The press must not take the focus out of the field.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(command);
          }}
        >
          <span className="font-medium">{command.name}</span>
          <span className="text-muted-foreground">{command.description}</span>
        </div>
      ))}
    </div>
  );
}

export function optionId(menuId: string, index: number): string {
  return `${menuId}-${index}`;
}
