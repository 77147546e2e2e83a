"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { FailureNote } from "@/components/ui/failure-note";
import type { FileInspection, FileOptions } from "@/lib/contracts/adapter";
import type { ImportResult } from "@/lib/contracts/finance";
import { type ImportFile, maxFileBytes } from "@/lib/contracts/money-requests";
import { ChoiceForm } from "./choice-form";
import { decodeFile } from "./decode-file";
import { DropZone } from "./drop-zone";
import { firstOptions, isReady, needsOf } from "./import-choices";
import { ImportDone } from "./import-done";
import { ImportPreview } from "./import-preview";

interface Read {
  file: ImportFile;
  inspection: FileInspection;
  options: FileOptions;
}

type Step =
  | { kind: "file" }
  | { kind: "choose"; read: Read }
  | { kind: "preview"; read: Read; result: ImportResult }
  | { kind: "done"; result: ImportResult };

interface Props {
  /** Where the file does not say. */
  currency: string;
  /** Accounts that files were given for before. */
  accountNames: string[];
  locale: string;
}

/** From a file to transactions, a step at a time: what must be chosen, what would happen, and then what did. */
export function ImportBoard({ currency, accountNames, locale }: Props) {
  const { step, setStep, isBusy, failure, ...work } = useImport({ currency, accountNames });
  return (
    <div className="mt-5">
      <div role="status" className="sr-only">
        {isBusy ? "Working on the file" : stepWords[step.kind]}
      </div>
      {step.kind === "file" && <DropZone isBusy={isBusy} onFile={(file) => void work.inspect(file)} />}
      {step.kind === "choose" && (
        <ChoiceForm
          {...step.read}
          accountNames={accountNames}
          isBusy={isBusy}
          onPreview={(options) => void work.preview({ ...step.read, options })}
          onCancel={() => setStep({ kind: "file" })}
        />
      )}
      {step.kind === "preview" && (
        <ImportPreview
          fileName={step.read.file.name}
          result={step.result}
          locale={locale}
          isBusy={isBusy}
          onImport={() => void work.commit(step.read)}
          onChange={() => setStep({ kind: "choose", read: step.read })}
          onCancel={() => setStep({ kind: "file" })}
        />
      )}
      {step.kind === "done" && (
        <ImportDone result={step.result} locale={locale} onAgain={() => setStep({ kind: "file" })} />
      )}
      <FailureNote text={failure} className="mt-4" />
    </div>
  );
}

const stepWords: Readonly<Record<Step["kind"], string>> = {
  file: "",
  choose: "Choose how the file is read",
  preview: "This is what importing would do",
  done: "The file was imported",
};

function useImport(known: { currency: string; accountNames: readonly string[] }) {
  const router = useRouter();
  const [step, setStep] = useState<Step>({ kind: "file" });
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = async (work: () => Promise<Step>) => {
    setBusy(true);
    setFailure(null);
    try {
      setStep(await work());
    } catch (cause) {
      setFailure(describeFailure(cause));
    } finally {
      setBusy(false);
    }
  };
  const look = async (read: Read): Promise<Step> => {
    const { file, options } = read;
    const result = await sendJson<ImportResult>("POST", "/api/money/imports/preview", { ...file, options });
    return { kind: "preview", read, result };
  };
  const inspect = async (given: File) => {
    if (given.size > maxFileBytes) {
      setFailure("This file is larger than 5 MB and was not read. Ask your bank for a shorter period.");
      return;
    }
    await run(async () => {
      const file = {
        name: given.name.slice(0, 300) || "file",
        text: decodeFile(new Uint8Array(await given.arrayBuffer())),
      };
      const inspection = await sendJson<FileInspection>("POST", "/api/money/imports/inspect", file);
      const options = firstOptions(file, inspection, known);
      const read = { file, inspection, options };
      const isAsked = Object.values(needsOf(inspection, options)).some(Boolean) || !isReady(options);
      return isAsked ? { kind: "choose", read } : look(read);
    });
  };
  const commit = ({ file, options }: Read) =>
    run(async () => {
      const result = await sendJson<ImportResult>("POST", "/api/money/imports/commit", { ...file, options });
      router.refresh();
      return { kind: "done", result };
    });
  const start = (next: Step) => {
    setFailure(null);
    setStep(next);
  };
  return { step, setStep: start, isBusy, failure, inspect, commit, preview: (read: Read) => run(() => look(read)) };
}
