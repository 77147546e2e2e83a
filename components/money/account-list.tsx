import Link from "next/link";
import type { AccountView } from "@/lib/contracts/finance";
import { formatMinor } from "@/lib/contracts/money";
import { AccountSwitch } from "./account-switch";
import { RefreshBalances } from "./accounts/refresh-balances";
import { RenameAccount } from "./accounts/rename-account";
import { groupAccounts } from "./group-accounts";
import { listPath } from "./money-address";
import { accountTypeWords, formatMoment } from "./money-text";

interface Props {
  accounts: AccountView[];
  /** Connections whose bank can be asked for balances at once. */
  refreshableIds: readonly string[];
  locale: string;
  timeZone: string;
}

/** Accounts by currency. Balances of one currency are added up, and never across. */
export function AccountList({ accounts, ...shown }: Props) {
  const hidden = accounts.filter(({ isHidden }) => isHidden);
  return (
    <section aria-labelledby="accounts-title" className="mt-6">
      <h2 id="accounts-title" className="font-medium">
        Accounts
      </h2>
      {groupAccounts(accounts).map((group) => (
        <section key={group.currency} aria-label={`Accounts in ${group.currency}`} className="mt-4">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <h3 className="font-medium text-muted-foreground text-sm">{group.currency}</h3>
            {group.totalMinor !== null && (
              <p className="text-sm">
                <span className="text-muted-foreground">
                  {group.counted === 1 ? "1 account" : `${group.counted} accounts`}, in all{" "}
                </span>
                <span className="font-medium tabular-nums">
                  {formatMinor(group.totalMinor, group.currency, shown.locale)}
                </span>
              </p>
            )}
          </div>
          <ul className="mt-2 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
            {group.accounts.map((account) => (
              <li key={account.id}>
                <AccountCard account={account} {...shown} />
              </li>
            ))}
          </ul>
          {group.uncounted > 0 && (
            <p className="mt-2 text-muted-foreground text-xs">
              {group.uncounted === 1
                ? "One account is not in this sum: its balance is not known."
                : `${group.uncounted} accounts are not in this sum: their balances are not known.`}
            </p>
          )}
        </section>
      ))}
      {hidden.length > 0 && (
        <details className="mt-4 text-sm">
          <summary className="w-fit cursor-pointer text-muted-foreground hover:text-foreground">
            Hidden accounts ({hidden.length})
          </summary>
          <ul className="mt-2 divide-y rounded-lg border">
            {hidden.map((account) => (
              <li key={account.id} className="flex items-center justify-between gap-3 px-4 py-2">
                <span className="min-w-0 [overflow-wrap:anywhere]">{nameOf(account)}</span>
                <AccountSwitch accountId={account.id} name={nameOf(account)} isHidden />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

type CardProps = Omit<Props, "accounts"> & { account: AccountView };

function AccountCard({ account, ...shown }: CardProps) {
  const { locale } = shown;
  const { id, name, mask, institution, type, currency, balanceMinor } = account;
  const titleId = `account-${id}`;
  return (
    <article aria-labelledby={titleId} className="flex h-full flex-col rounded-lg border bg-card p-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h4 id={titleId} className="font-medium text-sm [overflow-wrap:anywhere]">
            <Link href={listPath({ accountId: id })} className="underline-offset-4 hover:underline">
              {nameOf(account)}
            </Link>
          </h4>
          <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">
            {[accountTypeWords[type], institution !== name && institution].filter(Boolean).join(" · ")}
            {mask !== null && (
              <>
                <span aria-hidden> ·· {mask}</span>
                <span className="sr-only">, ends in {mask}</span>
              </>
            )}
          </p>
        </div>
        <div className="flex shrink-0 items-start">
          <RenameAccount accountId={id} name={nameOf(account)} sourceName={account.sourceName} />
          <AccountSwitch accountId={id} name={nameOf(account)} isHidden={false} />
        </div>
      </div>
      <p className="mt-3 font-semibold text-lg tabular-nums tracking-tight">
        {balanceMinor === null ? (
          <span className="font-normal text-muted-foreground text-sm">No balance known</span>
        ) : (
          <>
            {formatMinor(balanceMinor, currency, locale)}
            {balanceMinor < 0 && <span className="ml-2 font-normal text-muted-foreground text-xs">owed</span>}
          </>
        )}
      </p>
      <More account={account} locale={locale} />
      <Age account={account} {...shown} />
    </article>
  );
}

/** How old the balance is, and what can be done about it. */
function Age({ account, locale, timeZone, refreshableIds }: CardProps) {
  const { connection } = account;
  return (
    <div className="mt-auto pt-2 text-muted-foreground text-xs">
      <p>
        {asOf(account, locale, timeZone)}
        {connection === null && ". Not connected any more; its history was kept."}
        {connection?.state === "needs_reauth" && (
          <>
            {" "}
            <Link href="/connections" className="text-warning underline underline-offset-4">
              Sign in again
            </Link>
          </>
        )}
      </p>
      {connection && refreshableIds.includes(connection.id) && (
        <div className="mt-1">
          <RefreshBalances connectionId={connection.id} title={connection.title} accountName={nameOf(account)} />
        </div>
      )}
    </div>
  );
}

function More({ account, locale }: { account: AccountView; locale: string }) {
  const { availableMinor, limitMinor, balanceMinor, currency } = account;
  const parts = [
    availableMinor !== null &&
      availableMinor !== balanceMinor &&
      `${formatMinor(availableMinor, currency, locale)} available`,
    limitMinor !== null && `limit ${formatMinor(limitMinor, currency, locale)}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? <p className="text-muted-foreground text-xs tabular-nums">{parts.join(", ")}</p> : null;
}

/** The last four digits stand beside it already. */
function nameOf({ name, mask }: AccountView): string {
  return mask === null ? name : name.replace(` (${mask})`, "");
}

function asOf({ balanceAt, syncedAt }: AccountView, locale: string, timeZone: string): string {
  if (balanceAt !== null) return `As of ${formatMoment(balanceAt, locale, timeZone)}`;
  return syncedAt === null ? "Not read yet" : `Last read ${formatMoment(syncedAt, locale, timeZone)}`;
}
