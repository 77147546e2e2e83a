"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

/** Connects a feed by its address. The address opens the calendar for whoever has it, so it is never shown again. */
export function FeedForm({ adapter, onConnected }: { adapter: string; onConnected: () => void }) {
  const { run, isBusy, failure } = useAction();
  const [url, setUrl] = useState("");
  const [isDone, setDone] = useState(false);
  const connect = async () => {
    setDone(false);
    if (!(await run(() => sendJson("POST", "/api/connections/feeds", { adapter, url: url.trim() })))) return;
    setUrl("");
    setDone(true);
    onConnected();
  };
  const id = `feed-${adapter}`;
  return (
    <form
      autoComplete="off"
      className="mt-4 flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void connect();
      }}
    >
      <Label htmlFor={id}>Address of the feed</Label>
      <div className="flex flex-wrap gap-2">
        <Input
          id={id}
          type="text"
          inputMode="url"
          spellCheck={false}
          autoComplete="off"
          placeholder="https://… .ics"
          aria-describedby={`${id}-about`}
          className="grow basis-60"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Button type="submit" disabled={isBusy || url.trim() === ""}>
          {isBusy ? "Looking…" : "Connect"}
        </Button>
      </div>
      <p id={`${id}-about`} className="text-muted-foreground text-xs">
        Whoever knows the address can read the calendar, so Burgeon keeps it sealed and shows it nowhere.
      </p>
      <p role="status" className="text-sm">
        {isDone && "Connected. Its events appear in a moment."}
      </p>
      <FailureNote text={failure} />
    </form>
  );
}
