import { AlertList } from "@/components/today/alert-list";
import { SourceNote } from "@/components/today/source-note";
import type { StartedContext } from "@/lib/context/aggregate";
import { eventAlerts, financeAlerts, healthAlerts, routeAlerts, weatherAlerts } from "@/lib/context/alerts";
import type { Alert, Section } from "@/lib/contracts/context";

interface Props {
  needs: Promise<Section<Alert[]>>;
  context: StartedContext;
}

/** What the database knows: it is there at once. */
export async function Needs({ needs, context }: Props) {
  const [waiting, alerts] = await Promise.all([needs, readNear(context)]);
  return (
    <>
      <AlertList label="Needs you now" alerts={[...(waiting.data ?? []), ...alerts]} />
      {waiting.state === "failed" && (
        <SourceNote state="failed" source={waiting.source} read={null} problem={waiting.problem} hint={waiting.hint} />
      )}
    </>
  );
}

/** What others have to be asked for, and the word that nothing is, which only the last one can say. */
export async function FurtherNeeds({ needs, context }: Props) {
  const [waiting, near, navigation, weather, modules] = await Promise.all([
    needs,
    readNear(context),
    context.navigation,
    context.weather,
    context.modules,
  ]);
  const alerts = [
    ...routeAlerts({ ...(navigation ? { navigation } : {}) }),
    ...weatherAlerts({ ...(weather ? { weather } : {}) }, context.scope),
    ...healthAlerts({ modules }),
  ];
  const isNothing = alerts.length === 0 && near.length === 0 && waiting.data?.length === 0;
  if (isNothing) return <p className="text-[15px]">Nothing needs you right now.</p>;
  return <AlertList label="Also needs you" alerts={alerts} />;
}

async function readNear({ calendar, finance, scope }: StartedContext): Promise<Alert[]> {
  const [events, money] = await Promise.all([calendar, finance]);
  return [
    ...eventAlerts({ ...(events ? { calendar: events } : {}) }, scope),
    ...financeAlerts({ ...(money ? { finance: money } : {}) }),
  ];
}
