"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Textarea } from "@/components/ui/textarea";
import type { BuildRequest } from "@/lib/contracts/build";

const sources = [
  { value: "url", label: "Address", hint: "Of an OpenAPI document, or of a page that answers JSON." },
  { value: "document", label: "Document", hint: "Paste an OpenAPI document (JSON or YAML), or choose a file." },
  { value: "sample", label: "Sample reply", hint: "Paste what the API answers: JSON or CSV." },
  {
    value: "wish",
    label: "Only a wish",
    hint: "Needs a language model in Settings › Models; the built-in planner cannot invent an API.",
  },
] as const;
type Source = (typeof sources)[number]["value"];
const maxFileBytes = 1_000_000;

/** Starts a build and goes to the conversation in which it can be watched. */
export function BuildForm() {
  const router = useRouter();
  const { run, isBusy, failure } = useAction();
  const [source, setSource] = useState<Source>("url");
  const [fields, setFields] = useState({ wish: "", url: "", document: "", sample: "" });
  const set = (name: keyof typeof fields) => (value: string) => setFields((before) => ({ ...before, [name]: value }));
  const chosen = sources.find((candidate) => candidate.value === source);
  const submit = () =>
    run(async () => {
      const started = await sendJson<{ conversationId: string }>(
        "POST",
        "/api/modules/builds",
        toRequest(source, fields),
      );
      router.push(`/chat/${started.conversationId}`);
    });
  return (
    <form
      className="mt-8 flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="flex flex-col gap-2">
        <Label htmlFor="wish">What do you want to ask it?</Label>
        <Textarea
          id="wish"
          rows={3}
          value={fields.wish}
          onChange={(event) => set("wish")(event.target.value)}
          placeholder="My loans and when they are due"
          required={source === "wish"}
        />
      </div>
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">What does the API look like?</legend>
        <div className="flex flex-wrap gap-1">
          {sources.map((option) => (
            <label
              key={option.value}
              className="cursor-pointer rounded-full border px-3 py-1 text-sm has-checked:border-foreground/40 has-checked:bg-muted has-checked:font-medium has-focus-visible:ring-2 has-focus-visible:ring-ring"
            >
              <input
                type="radio"
                name="source"
                className="sr-only"
                checked={source === option.value}
                onChange={() => setSource(option.value)}
              />
              {option.label}
            </label>
          ))}
        </div>
        <p className="text-muted-foreground text-sm">{chosen?.hint}</p>
        <SourceFields source={source} fields={fields} set={set} />
      </fieldset>
      <FailureNote text={failure} />
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={isBusy}>
          {isBusy ? "Starting…" : "Build"}
        </Button>
        <p className="text-muted-foreground text-xs">Keys are asked for later, in a form, never here.</p>
      </div>
    </form>
  );
}

interface SourceFieldsProps {
  source: Source;
  fields: Record<"wish" | "url" | "document" | "sample", string>;
  set: (name: "wish" | "url" | "document" | "sample") => (value: string) => void;
}

function SourceFields({ source, fields, set }: SourceFieldsProps) {
  const [problem, setProblem] = useState<string | null>(null);
  if (source === "wish") return null;
  if (source === "url")
    return (
      <Input
        type="url"
        required
        aria-label="Address"
        placeholder="https://api.example.org/openapi.json"
        value={fields.url}
        onChange={(event) => set("url")(event.target.value)}
      />
    );
  return (
    <>
      <Textarea
        aria-label={source === "document" ? "OpenAPI document" : "Sample reply"}
        required
        rows={10}
        className="font-mono text-xs"
        value={fields[source]}
        onChange={(event) => set(source)(event.target.value)}
      />
      <input
        type="file"
        aria-label="Choose a file"
        accept=".json,.yaml,.yml,.csv,.txt"
        className="text-muted-foreground text-sm file:mr-3 file:rounded-md file:border file:bg-background file:px-3 file:py-1.5 file:text-foreground file:text-sm"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          if (!file) return;
          if (file.size > maxFileBytes)
            return setProblem("That file is larger than 1 MB. Keep only the parts you want to ask about.");
          setProblem(null);
          set(source)(await file.text());
        }}
      />
      <FailureNote text={problem} />
      {source === "sample" && (
        <Input
          type="url"
          aria-label="Address the sample came from"
          placeholder="Address it came from (if it has one)"
          value={fields.url}
          onChange={(event) => set("url")(event.target.value)}
        />
      )}
    </>
  );
}

function toRequest(source: Source, fields: SourceFieldsProps["fields"]): BuildRequest {
  const wish = fields.wish.trim() || "Everything it can answer";
  if (source === "url") return { wish, url: fields.url.trim() };
  if (source === "document") return { wish, document: fields.document };
  if (source === "sample")
    return { wish, sample: fields.sample, ...(fields.url.trim() ? { url: fields.url.trim() } : {}) };
  return { wish };
}
