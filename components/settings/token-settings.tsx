"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { RelativeTime } from "@/components/modules/relative-time";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { type Scope, scopes } from "@/lib/contracts/viewer";

export interface TokenItem {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedAt: string | null;
}

const scopeWords: Record<Scope, string> = {
  chat: "Send messages and read answers",
  "modules:read": "See modules",
  "modules:write": "Build, switch and set credentials of modules",
  "modules:approve": "Approve and reject module versions",
  approvals: "Answer approvals",
  "data:read": "Read calendars, money and places",
  "data:write": "Change events, categories, rules and places",
  connections: "Connect, synchronise and disconnect accounts",
  settings: "Change settings",
  metrics: "Read the installation's metrics",
  mcp: "Use the MCP endpoint",
};
const lifetimes = [30, 90, 365] as const;

/** Tokens let other programs act for the person, within the chosen scopes, until they expire or are revoked. */
export function TokenSettings({ tokens }: { tokens: TokenItem[] }) {
  const { run, isBusy, failure } = useAction();
  const [made, setMade] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [days, setDays] = useState<number>(90);
  const [chosen, setChosen] = useState<Scope[]>(["chat"]);
  const create = () =>
    run(async () => {
      const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString();
      const reply = await sendJson<{ token: string }>("POST", "/api/tokens", { name, scopes: chosen, expiresAt });
      setMade(reply.token);
      setName("");
    });
  return (
    <>
      <section aria-labelledby="create-title" className="mt-8 rounded-lg border bg-card p-5">
        <h2 id="create-title" className="font-medium">
          New token
        </h2>
        <form
          className="mt-4 flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <div className="flex flex-col gap-1.5">
              <Label htmlFor="token-name">Name</Label>
              <Input
                id="token-name"
                required
                maxLength={100}
                value={name}
                placeholder="What will use it"
                onChange={(event) => setName(event.target.value)}
              />
            </div>
            <div className="flex flex-col gap-1.5">
              <Label htmlFor="token-days">Ends after</Label>
              <select
                id="token-days"
                className="h-9 rounded-md border bg-background px-3 text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring"
                value={days}
                onChange={(event) => setDays(Number(event.target.value))}
              >
                {lifetimes.map((lifetime) => (
                  <option key={lifetime} value={lifetime}>
                    {lifetime} days
                  </option>
                ))}
              </select>
            </div>
          </div>
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 font-medium text-sm">It may</legend>
            {scopes.map((scope) => (
              <label key={scope} className="flex items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-primary"
                  checked={chosen.includes(scope)}
                  onChange={(event) =>
                    setChosen((before) =>
                      event.target.checked ? [...before, scope] : before.filter((other) => other !== scope),
                    )
                  }
                />
                {scopeWords[scope]} <code className="text-muted-foreground text-xs">{scope}</code>
              </label>
            ))}
          </fieldset>
          <FailureNote text={failure} />
          <Button type="submit" className="self-start" disabled={isBusy || chosen.length === 0}>
            Create token
          </Button>
        </form>
        {made && (
          <div role="status" className="mt-4 rounded-md border border-primary/30 bg-primary/8 p-3 text-sm">
            <p>Copy it now; it is not shown again.</p>
            <div className="mt-2 flex items-center gap-2">
              <code className="min-w-0 grow break-all font-mono text-xs">{made}</code>
              <CopyButton text={made} label="Copy token" />
            </div>
          </div>
        )}
      </section>
      <TokenList tokens={tokens} />
    </>
  );
}

function TokenList({ tokens }: { tokens: TokenItem[] }) {
  const { run, isBusy, failure } = useAction();
  if (tokens.length === 0)
    return (
      <p className="mt-8 text-muted-foreground text-sm">No tokens yet. A program that should act for you needs one.</p>
    );
  return (
    <section aria-labelledby="tokens-title" className="mt-8">
      <h2 id="tokens-title" className="font-medium">
        Tokens
      </h2>
      <FailureNote text={failure} className="mt-2" />
      <ul className="mt-3 divide-y rounded-lg border">
        {tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
            <div className="min-w-0 grow">
              <p className="font-medium">
                {token.name} <code className="ml-1 font-normal text-muted-foreground text-xs">{token.prefix}…</code>
              </p>
              <p className="text-muted-foreground text-xs">
                {token.scopes.join(", ")} · ends {token.expiresAt.slice(0, 10)} ·{" "}
                {token.lastUsedAt ? <RelativeTime at={token.lastUsedAt} /> : "never used"}
              </p>
            </div>
            {token.revokedAt ? (
              <span className="text-muted-foreground text-xs">Revoked</span>
            ) : (
              <Button
                variant="outline"
                size="sm"
                disabled={isBusy}
                aria-label={`Revoke ${token.name}`}
                onClick={() => void run(() => sendJson("DELETE", `/api/tokens/${token.id}`))}
              >
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
