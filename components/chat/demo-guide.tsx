import { FlaskConical } from "lucide-react";
import { CopyButton } from "@/components/ui/copy-button";
import type { SampleService } from "@/lib/contracts/demo";

/** The first build of the demo, step by step, against services that are labelled as samples. */
export function DemoGuide({ services, onExample }: { services: SampleService[]; onExample: (text: string) => void }) {
  return (
    <section aria-labelledby="demo-title" className="mt-6 rounded-lg border border-dashed bg-card p-4 text-sm">
      <h2 id="demo-title" className="flex items-center gap-2 font-medium">
        <FlaskConical aria-hidden className="size-4 text-primary" /> Your first build, with sample services
      </h2>
      <p className="mt-1 text-muted-foreground">
        These run on this machine and answer sample data. Pick one, send the message, review what was built, approve it
        {services.some(({ key }) => key) ? ", type the key where one is needed" : ""}, then ask about it.
      </p>
      <ul className="mt-3 flex flex-col gap-2">
        {services.map(({ title, document, key }) => (
          <li key={document} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <button
              type="button"
              onClick={() => onExample(`Build me a module from ${document}`)}
              className="cursor-pointer rounded-md border px-3 py-1.5 font-medium outline-none transition-colors hover:border-control focus-visible:ring-2 focus-visible:ring-ring"
            >
              Build {title}
            </button>
            <span className="text-muted-foreground">
              {key ? (
                <>
                  sample key <code className="font-mono text-foreground">{key}</code>{" "}
                  <CopyButton text={key} label={`Copy the key of ${title}`} />
                </>
              ) : (
                "needs no key"
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
