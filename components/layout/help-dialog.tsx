"use client";

import { Dialog, DialogContent, DialogHeader, DialogTitle } from "@/components/ui/dialog";

const sections: { title: string; keys: [string[], string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [["Ctrl / ⌘", "K"], "Go to a conversation, a module or a page"],
      [["Ctrl / ⌘", "B"], "Show or hide the sidebar"],
      [["?"], "These keys"],
    ],
  },
  {
    title: "Chat",
    keys: [
      [["Enter"], "Send"],
      [["Shift", "Enter"], "New line"],
      [["↑"], "Edit your last message, when the field is empty"],
      [["/"], "Commands, or go to the field"],
      [["Esc"], "Stop the answer"],
    ],
  },
  {
    title: "Calendar",
    keys: [
      [["←", "→"], "Days or weeks before and after"],
      [["t"], "Today"],
      [["w", "d", "a"], "Week, day, agenda"],
      [["n"], "New event"],
      [["Enter"], "Open the event"],
    ],
  },
  {
    title: "Activity",
    keys: [
      [["j", "k"], "Next and previous run"],
      [["Enter"], "Open it"],
    ],
  },
  {
    title: "Review of a module",
    keys: [
      [["j", "k"], "Next and previous file"],
      [["a"], "Approve, after a question"],
    ],
  },
];

export function HelpDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <DialogContent aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>Keys</DialogTitle>
        </DialogHeader>
        {sections.map((section) => (
          <section key={section.title} aria-label={section.title}>
            <h3 className="mb-2 font-medium text-muted-foreground text-xs">{section.title}</h3>
            <dl className="flex flex-col gap-2 text-sm">
              {section.keys.map(([keys, meaning]) => (
                <div key={meaning} className="flex items-baseline justify-between gap-4">
                  <dd className="order-first">{meaning}</dd>
                  <dt className="flex shrink-0 gap-1">
                    {keys.map((key) => (
                      <kbd key={key} className="rounded border bg-muted px-1.5 py-0.5 font-mono text-xs">
                        {key}
                      </kbd>
                    ))}
                  </dt>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogContent>
    </Dialog>
  );
}
