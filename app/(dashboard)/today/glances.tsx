import Link from "next/link";
import { EmptyPart } from "@/components/today/empty-part";
import { MoneyGlance } from "@/components/today/money-glance";
import { SectionShell } from "@/components/today/section-shell";
import { SourceNote } from "@/components/today/source-note";
import { WeatherStrip } from "@/components/today/weather-strip";
import type { StartedContext } from "@/lib/context/aggregate";
import { readText } from "./read-text";

interface Props {
  context: StartedContext;
}

export async function Money({ context }: Props) {
  const section = await context.finance;
  if (!section) return null;
  if (section.state === "none")
    return <EmptyPart text={`${section.problem}`} href="/connections" action="Connect a bank or a file" />;
  return (
    <>
      {section.data && <MoneyGlance finance={section.data} />}
      {/* What the figures stand on says how old they are; only what is wrong is added. */}
      {section.state !== "fresh" && <SourceNote {...section} read={readText(section.asOf, context.scope)} />}
    </>
  );
}

export async function Weather({ context }: Props) {
  const section = await context.weather;
  if (!section) return null;
  if (section.state === "none")
    return <EmptyPart text={`${section.problem}`} href="/settings/places" action="Set home" />;
  return (
    <>
      {section.data && <WeatherStrip line={section.data.line} />}
      <SourceNote {...section} read={readText(section.asOf, context.scope)} />
    </>
  );
}

/** Shown only to those who have modules that fill it. */
export async function Modules({ context }: Props) {
  const modules = await context.modules;
  if (modules.length === 0) return null;
  return (
    <SectionShell id="modules-title" title="From your modules">
      <ul className="flex flex-col gap-4">
        {modules.map((module) => {
          const count = module.data?.items.length ?? 0;
          return (
            <li key={`${module.module} ${module.operation}`}>
              <p className="break-words text-[15px]">
                {module.module === "" ? (
                  module.title
                ) : (
                  <Link href={`/modules/${module.module}`} className="font-medium underline-offset-3 hover:underline">
                    {module.title}
                  </Link>
                )}
                {module.data && (
                  <span className="text-muted-foreground">
                    {" "}
                    · {count === 1 ? "1 entry" : `${count} entries`} from {module.operation.replaceAll("_", " ")}
                  </span>
                )}
              </p>
              <SourceNote {...module} read={readText(module.asOf, context.scope)} />
            </li>
          );
        })}
      </ul>
    </SectionShell>
  );
}
