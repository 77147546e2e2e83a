"use client";

import { FileUp } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "@/components/ui/cn";

interface Props {
  isBusy: boolean;
  onFile: (file: File) => void;
}

/** A file, dropped or chosen. The box is the label of the file input, so it works by keyboard and by touch as well. */
export function DropZone({ isBusy, onFile }: Props) {
  const inputId = useId();
  const [isOver, setOver] = useState(false);
  return (
    <label
      htmlFor={inputId}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file && !isBusy) onFile(file);
      }}
      className={cn(
        "flex cursor-pointer flex-col items-center gap-2 rounded-lg border border-control border-dashed bg-card px-6 py-14 text-center transition-colors focus-within:ring-2 focus-within:ring-ring hover:bg-muted",
        isOver && "border-primary bg-muted",
      )}
    >
      <FileUp aria-hidden className="size-6 text-muted-foreground" />
      <span className="font-medium">{isBusy ? "Reading the file…" : "Choose a file, or drop it here"}</span>
      <span className="text-muted-foreground text-sm">CSV, OFX or QFX</span>
      <input
        id={inputId}
        type="file"
        accept=".csv,.ofx,.qfx,.txt,.tsv,text/csv,text/plain"
        disabled={isBusy}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
