"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";

interface Props {
  text: string;
  onSend: (text: string) => void;
  onCancel: () => void;
}

const tallestPx = 320;

/** A question being edited in its place. Enter sends it as another version, Esc leaves everything as it was. */
export function MessageEditor({ text: before, onSend, onCancel }: Props) {
  const [text, setText] = useState(before);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
    element.scrollIntoView({ block: "nearest" });
  }, []);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, tallestPx)}px`;
  }, [text]);
  const send = () => {
    if (text.trim() !== "") onSend(text.trim());
  };
  return (
    <form
      className="flex w-full max-w-[85%] flex-col gap-2 rounded-2xl rounded-br-md border border-control bg-card p-2 focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/40"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.key !== "Escape") return;
        // Esc here is for this field; a run that is at work goes on.
        event.preventDefault();
        onCancel();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label="Edit your question"
        enterKeyHint="send"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          send();
        }}
        className="min-h-9 w-full resize-none bg-transparent px-2 py-1 text-base leading-6 outline-none sm:text-[15px]"
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button variant="ghost" size="sm" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="sm" disabled={text.trim() === ""}>
          Send
        </Button>
      </div>
    </form>
  );
}
