"use client";

import { Archive, MoreHorizontal, Power, RotateCcw } from "lucide-react";
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
import type { ModuleDetail } from "@/lib/contracts/module";
import { moduleApiPath, shortDigest } from "./state-words";

interface Question {
  title: string;
  description: string;
  confirm: string;
  isDestructive?: boolean;
  work: () => Promise<unknown>;
}

/** Switch on and off, roll back, uninstall. What cannot be undone with one click asks first. */
export function ModuleActions({ module }: { module: ModuleDetail }) {
  const { run, isBusy, failure, clear } = useAction();
  const [question, setQuestion] = useState<Question | null>(null);
  /** What failed before belongs neither to the next question nor to the page. */
  const ask = (next: Question | null) => {
    clear();
    setQuestion(next);
  };
  const path = moduleApiPath(module);
  const post = (action: string) => run(() => sendJson("POST", `${path}/${action}`));
  const isOn = ["active", "degraded", "needs_credentials"].includes(module.state);
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex gap-2">
        {module.activeDigest && module.state !== "archived" && (
          <Button variant="outline" disabled={isBusy} onClick={() => void post(isOn ? "disable" : "enable")}>
            <Power aria-hidden className="size-4" />
            {isOn ? "Disable" : "Enable"}
          </Button>
        )}
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="outline" size="icon" aria-label="More actions" disabled={isBusy}>
              <MoreHorizontal aria-hidden className="size-4" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem disabled={!module.previousDigest} onSelect={() => ask(rollBackQuestion(module))}>
              <RotateCcw aria-hidden className="size-4" /> Roll back…
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => ask(uninstallQuestion(module))}>
              <Archive aria-hidden className="size-4" /> Uninstall…
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
      {/* Behind the question nobody would see it. */}
      <FailureNote text={question ? null : failure} className="max-w-xs text-right" />
      <Dialog open={question !== null} onOpenChange={(open) => !open && ask(null)}>
        <DialogContent>
          <DialogHeader>
            <DialogTitle>{question?.title}</DialogTitle>
            <DialogDescription>{question?.description}</DialogDescription>
          </DialogHeader>
          <FailureNote text={failure} />
          <DialogFooter>
            <Button variant="outline" onClick={() => ask(null)}>
              Cancel
            </Button>
            <Button
              variant={question?.isDestructive ? "destructive" : "default"}
              disabled={isBusy}
              onClick={async () => {
                const work = question?.work;
                if (work && (await run(async () => void (await work())))) setQuestion(null);
              }}
            >
              {question?.confirm}
            </Button>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </div>
  );
}

function rollBackQuestion(module: ModuleDetail): Question {
  const previous = module.versions.find((version) => version.digest === module.previousDigest);
  return {
    title: "Roll back to the version before?",
    description: `Code, manifest and rights return to version ${previous?.manifest.version ?? ""} (${shortDigest(module.previousDigest ?? "")}) at once. Credentials stay. You can roll forward again the same way.`,
    confirm: "Roll back",
    work: () => sendJson("POST", `${moduleApiPath(module)}/rollback`),
  };
}

function uninstallQuestion(module: ModuleDetail): Question {
  return {
    title: `Uninstall ${module.title}?`,
    description: "Its tools go away and its credentials are destroyed. Versions and history stay readable.",
    confirm: "Uninstall",
    isDestructive: true,
    work: () => sendJson("DELETE", moduleApiPath(module)),
  };
}
