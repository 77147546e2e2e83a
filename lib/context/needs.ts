import { getConnections } from "@/lib/connections/views";
import type { ConnectionView } from "@/lib/contracts/connection";
import type { Alert, Section } from "@/lib/contracts/context";
import type { Viewer } from "@/lib/contracts/viewer";
import { listApprovals } from "@/lib/db/approvals";
import { listModules } from "@/lib/module-host/views";
import { guardSection, type Scope } from "./sources/section";

const maxNamed = 3;

/** What waits for the person's hand: questions to answer, connections and modules that cannot go on by themselves. */
export async function listNeeds(viewer: Viewer): Promise<Alert[]> {
  const [approvals, { connections }, modules] = await Promise.all([
    listApprovals(viewer, { state: "pending" }),
    getConnections(viewer),
    listModules(viewer),
  ]);
  const named = approvals
    .slice(0, maxNamed)
    .map(({ title }) => ({ kind: "approval", text: `Waits for your word: ${title}.`, href: "/approvals" }));
  const others = approvals.length - named.length;
  return [
    ...named,
    ...(others > 0
      ? [
          {
            kind: "approval",
            text: `${others} more ${others === 1 ? "question waits" : "questions wait"} for you.`,
            href: "/approvals",
          },
        ]
      : []),
    ...connections.flatMap((connection) => {
      const text = describeConnection(connection);
      return text === null ? [] : [{ kind: "connection", text, href: "/connections" }];
    }),
    ...modules.flatMap(({ state, title, category, name }) => {
      const text = moduleNeeds[state];
      return text === undefined
        ? []
        : [{ kind: "module", text: `${title} ${text}.`, href: `/modules/${category}/${name}` }];
    }),
  ];
}

/** The same behind a wall, for a page whose other parts must not wait for it. */
export function readNeeds(scope: Scope): Promise<Section<Alert[]>> {
  return guardSection(scope, { title: "what waits for you", timeoutMs: 6_000 }, async ({ viewer, now }) => ({
    ...{ state: "fresh", asOf: now.toISOString(), source: "Burgeon", problem: null, hint: null },
    data: await listNeeds(viewer),
  }));
}

const moduleNeeds: Partial<Record<string, string>> = {
  needs_credentials: "needs its credentials before it can answer",
  awaiting_review: "waits for your review",
};

/** Only what a person can mend; what Burgeon tries again by itself is told where its data stands. */
function describeConnection(connection: ConnectionView): string | null {
  const { health, title, adapterTitle, warning, notice, consentExpiresAt } = connection;
  switch (health) {
    case "locked":
      return `${adapterTitle} (${title}) cannot be read: the vault is locked.`;
    case "sign-in-again":
      return `${adapterTitle} (${title}) needs you to sign in again.`;
    case "expires-soon":
      if (notice?.code === "expires") return `${adapterTitle} (${title}): ${notice.message}`;
      return `${adapterTitle} (${title}) works until ${consentExpiresAt?.slice(0, 10) ?? "soon"}, unless you renew it.`;
    case "trouble":
      return warning?.hint ? `${adapterTitle} (${title}): ${warning.message}` : null;
    case "good":
      return notice && `${adapterTitle} (${title}): ${notice.message}`;
    default:
      return null;
  }
}
