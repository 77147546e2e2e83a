"use client";

import { useState } from "react";
import type { AdapterView, ConnectionsBody, ConnectionView } from "@/lib/contracts/connection";
import { AdapterCard } from "./adapter-card";
import { ArrivalNote } from "./arrival-note";
import { ConnectionCard } from "./connection-card";
import type { Arrival } from "./describe-arrival";
import { DisconnectDialog } from "./disconnect-dialog";
import { type BankRequest, useBankLink } from "./use-bank-link";
import { useConnections } from "./use-connections";
import { useNow } from "./use-now";

interface Props {
  initial: ConnectionsBody;
  serverNow: number;
  /** Where Plaid's dialog comes from. */
  linkScriptUrl: string;
  arrival: Arrival;
  /** The address asks for the dialog of a bank. */
  askedBank: BankRequest | null;
  isBankReturn: boolean;
}

const groups: { title: string; about: string; categories: AdapterView["category"][] }[] = [
  { title: "Calendar", about: "", categories: ["calendar"] },
  { title: "Money", about: "", categories: ["finance"] },
  { title: "Open data", about: "Needs no account.", categories: ["weather", "navigation", "search"] },
];

/** What is connected and how it is; below, what can be. */
export function ConnectionsBoard(props: Props) {
  const { initial, serverNow, linkScriptUrl, arrival, askedBank, isBankReturn } = props;
  const { connections, adapters, hasFailed, refetch, expectChange } = useConnections(initial);
  const now = useNow(serverNow);
  const [ending, setEnding] = useState<ConnectionView | null>(null);
  const bank = useBankLink({ scriptUrl: linkScriptUrl, asked: askedBank, isReturn: isBankReturn, onDone: refetch });
  const isSample = adapters.some((adapter) => adapter.isSample);
  const hasQuery = arrival.connected !== null || arrival.problem !== null || askedBank !== null || isBankReturn;
  return (
    <>
      <ArrivalNote arrival={arrival} body={initial} hasQuery={hasQuery} />
      {hasFailed && (
        <p role="status" className="mt-4 text-sm text-warning">
          Burgeon did not answer; this page may be old.
        </p>
      )}
      {bank.failure && (
        <p role="alert" className="mt-4 text-destructive text-sm">
          {bank.failure}
        </p>
      )}
      <section aria-labelledby="connected-title" className="mt-8">
        <h2 id="connected-title" className="font-medium">
          Connected
        </h2>
        {connections.length === 0 ? (
          <NothingConnected />
        ) : (
          <ul className="mt-3 grid gap-4 lg:grid-cols-2">
            {connections.map((connection) => (
              <li key={connection.id} className="[&>article]:h-full">
                <ConnectionCard
                  connection={connection}
                  now={now}
                  isSample={isSample}
                  isLinking={bank.busyFor !== null}
                  onLink={(request) => void bank.start(request)}
                  onTried={expectChange}
                  onDisconnect={setEnding}
                />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="possible-title" className="mt-12">
        <h2 id="possible-title" className="font-medium">
          What can be connected
        </h2>
        {groups.map(({ title, about, categories }) => (
          <section key={title} aria-label={title} className="mt-5">
            <h3 className="text-muted-foreground text-sm">
              {title}
              {about && `. ${about}`}
            </h3>
            <ul className="mt-2 grid items-start gap-4 lg:grid-cols-2">
              {adapters
                .filter(({ category }) => categories.includes(category))
                .map((adapter) => (
                  <li key={adapter.id}>
                    <AdapterCard
                      adapter={adapter}
                      isLinking={bank.busyFor !== null}
                      onLink={(request) => void bank.start(request)}
                      onConnected={refetch}
                    />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </section>
      {ending && (
        <DisconnectDialog
          connection={ending}
          onClose={() => setEnding(null)}
          onDone={() => {
            setEnding(null);
            refetch();
          }}
        />
      )}
    </>
  );
}

function NothingConnected() {
  return (
    <div className="mt-3 rounded-lg border border-dashed px-6 py-10 text-center">
      <h3 className="font-medium">Nothing is connected yet</h3>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        Connect a calendar or a bank below, and Burgeon can answer from it. Weather and ways work without an account.
      </p>
    </div>
  );
}
