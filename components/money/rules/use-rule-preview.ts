"use client";

import { useEffect, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import type { NewRule, RulesPreview } from "@/lib/contracts/finance";
import type { RuleDraft } from "@/lib/contracts/money-requests";

const pauseMs = 350;

export type PreviewState =
  | { kind: "none" }
  | { kind: "looking" }
  | { kind: "found"; preview: RulesPreview }
  | { kind: "failed"; message: string };

/** What a rule would change, looked up a moment after the last key. An answer that comes too late is not shown. */
export function useRulePreview(ruleId: string | null, rule: NewRule): PreviewState {
  const [state, setState] = useState<PreviewState>({ kind: "none" });
  const isWhole = rule.pattern.trim() !== "" && rule.category.trim() !== "";
  const draft = JSON.stringify({ ...(ruleId === null ? {} : { ruleId }), rule } satisfies RuleDraft);
  useEffect(() => {
    if (!isWhole) {
      setState({ kind: "none" });
      return;
    }
    let isOld = false;
    setState({ kind: "looking" });
    const timer = setTimeout(() => {
      sendJson<RulesPreview>("POST", "/api/money/rules/preview", JSON.parse(draft)).then(
        (preview) => !isOld && setState({ kind: "found", preview }),
        (cause: unknown) => !isOld && setState({ kind: "failed", message: describeFailure(cause) }),
      );
    }, pauseMs);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [draft, isWhole]);
  return state;
}
