import type { Metadata } from "next";
import { groupAccounts } from "@/components/money/group-accounts";
import { ImportBoard } from "@/components/money/imports/import-board";
import { requireViewer } from "@/lib/auth/viewer";
import { listAccounts } from "@/lib/db/finance/accounts";
import { getProfile } from "@/lib/db/profile";
import { readMoneyReader } from "../read-money-reader";

export const metadata: Metadata = { title: "Import a file" };

export default async function ImportPage() {
  const viewer = await requireViewer();
  const [reader, accounts, profile] = await Promise.all([
    readMoneyReader(viewer),
    listAccounts(viewer),
    getProfile(viewer),
  ]);
  const used = groupAccounts(accounts).map(({ currency }) => currency);
  return (
    <section aria-labelledby="import-title" className="mt-6 max-w-3xl">
      <h2 id="import-title" className="font-medium">
        Import a file
      </h2>
      <p className="mt-1 text-muted-foreground text-sm">
        A file of transactions that your bank lets you download: CSV, OFX or QFX, up to 5 MB. It is read here and sent
        nowhere. A file that overlaps an earlier one adds only what is new.
      </p>
      <ImportBoard
        currency={used[0] ?? profile.currency ?? "USD"}
        // As the files call them, which is what they are recognised by.
        accountNames={accounts
          .filter(({ connection }) => connection?.adapter === "bank-file")
          .map(({ sourceName, mask }) => (mask === null ? sourceName : sourceName.replace(` (${mask})`, "")))}
        locale={reader.locale}
      />
    </section>
  );
}
