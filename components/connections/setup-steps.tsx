import { CopyButton } from "@/components/ui/copy-button";
import type { AdapterView } from "@/lib/contracts/connection";

/** What has to be done once before this can be connected: the steps, the address to give, the variables to set and where. */
export function SetupSteps({ adapter }: { adapter: AdapterView }) {
  const { setup, redirectUri, environment, missing } = adapter;
  return (
    <div className="mt-3 flex flex-col gap-4 text-sm">
      <ol className="list-decimal space-y-2 pl-5">
        {setup.map((step) => (
          <li key={step} className="[overflow-wrap:anywhere]">
            {step}
          </li>
        ))}
      </ol>
      {redirectUri && (
        <div>
          <p className="font-medium">Redirect address, exactly like this</p>
          <p className="mt-1 flex items-center gap-1">
            <code className="min-w-0 rounded bg-muted px-2 py-1 text-xs [overflow-wrap:anywhere]">{redirectUri}</code>
            <CopyButton text={redirectUri} label="Copy the redirect address" />
          </p>
        </div>
      )}
      {environment.length > 0 && (
        <div>
          <p className="font-medium">Variables</p>
          <dl className="mt-1 divide-y rounded-md border">
            {environment.map(({ name, what, isRequired }) => (
              <div key={name} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-3 py-2">
                <dt className="flex items-center gap-1">
                  <code className="text-xs [overflow-wrap:anywhere]">{name}</code>
                  <CopyButton text={name} label={`Copy ${name}`} />
                </dt>
                <dd className="min-w-0 grow basis-40 text-muted-foreground">{what}</dd>
                <dd className={`text-xs ${missing.includes(name) ? "text-warning" : "text-muted-foreground"}`}>
                  {missing.includes(name) ? "Not set" : isRequired ? "Set" : "Optional"}
                </dd>
              </div>
            ))}
          </dl>
          <p className="mt-2 text-muted-foreground">
            Write them as <code className="text-xs">NAME=value</code> into the file{" "}
            <code className="text-xs">.env</code> in Burgeon's folder (with Docker: beside docker-compose.yml), then
            start Burgeon again.
          </p>
        </div>
      )}
    </div>
  );
}
