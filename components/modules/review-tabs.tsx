"use client";

import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { ReviewView } from "@/lib/contracts/module";
import { RelativeTime } from "./relative-time";
import { ReviewFiles } from "./review-files";
import { ReviewTests } from "./review-tests";

/** Files with their diff, tests, cassettes and history of one version. */
export function ReviewTabs({ review }: { review: ReviewView }) {
  const { report, manifest } = review.version;
  const cassettes = review.files.filter((file) => file.path.startsWith("cassettes/") && file.after !== null);
  return (
    <Tabs defaultValue="files" className="mt-8">
      <TabsList>
        <TabsTrigger value="files">Files</TabsTrigger>
        <TabsTrigger value="tests">
          Tests <Count value={report?.tests.length ?? 0} />
        </TabsTrigger>
        <TabsTrigger value="cassettes">
          Cassettes <Count value={cassettes.length} />
        </TabsTrigger>
        <TabsTrigger value="history">History</TabsTrigger>
      </TabsList>
      <TabsContent value="files">
        <ReviewFiles files={review.files} />
      </TabsContent>
      <TabsContent value="tests">
        <ReviewTests report={report} operations={Object.keys(manifest.operations)} />
      </TabsContent>
      <TabsContent value="cassettes">
        <p className="my-4 text-muted-foreground text-sm">
          Replies that the tests ran against.{" "}
          {report ? `${report.cassetteRequests} requests were answered from them; none went out.` : ""}
        </p>
        {cassettes.map((file) => (
          <details key={file.path} className="mb-2 rounded-lg border">
            <summary className="cursor-pointer px-4 py-2.5 font-mono text-xs">{file.path}</summary>
            <pre className="overflow-x-auto border-t px-4 py-3 font-mono text-xs leading-5">{file.after}</pre>
          </details>
        ))}
      </TabsContent>
      <TabsContent value="history">
        <History review={review} />
      </TabsContent>
    </Tabs>
  );
}

function Count({ value }: { value: number }) {
  return <span className="ml-1 text-muted-foreground tabular-nums">{value}</span>;
}

function History({ review }: { review: ReviewView }) {
  const { provenance } = review.version.manifest;
  return (
    <div className="my-4 flex flex-col gap-4 text-sm">
      {provenance && (
        <p className="text-muted-foreground">
          Made{" "}
          {provenance.kind === "hand"
            ? "by hand"
            : `from ${provenance.kind === "openapi" ? "an OpenAPI document" : provenance.kind === "json" ? "a sample reply" : "a wish"}`}
          {provenance.source ? `: ${provenance.source}` : ""}
        </p>
      )}
      {review.history.length === 0 ? (
        <p className="text-muted-foreground">Nothing has been decided about this module yet.</p>
      ) : (
        <ol className="divide-y rounded-lg border">
          {review.history.map((entry) => (
            <li key={`${entry.at} ${entry.action}`} className="flex flex-wrap gap-x-4 px-4 py-2.5">
              <span className="font-medium">{entry.action.replaceAll("-", " ")}</span>
              <span className="text-muted-foreground">{entry.actor}</span>
              <span className="ml-auto text-muted-foreground text-xs">
                <RelativeTime at={entry.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
