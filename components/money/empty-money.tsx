import Link from "next/link";
import { Button } from "@/components/ui/button";

/** `isReading`: a bank is connected, and its first reading has not ended. */
export function EmptyMoney({ isReading }: { isReading: boolean }) {
  return (
    <div className="mt-6 rounded-lg border border-dashed px-6 py-14 text-center">
      <h2 className="font-medium">{isReading ? "Your bank is being read" : "No account yet"}</h2>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        {isReading
          ? "The first reading takes a minute or two. How it goes stands on Connections; this page fills when it is done."
          : "Connect a bank, or import a file that your bank lets you download. Balances, spending and every transaction stand here then."}
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-2">
        <Button asChild>
          <Link href={isReading ? "/connections" : "/connections?link=plaid"}>
            {isReading ? "See Connections" : "Connect a bank"}
          </Link>
        </Button>
        <Button asChild variant="outline">
          <Link href="/money/import">Import a file</Link>
        </Button>
      </div>
    </div>
  );
}
