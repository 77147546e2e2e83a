import {
  Bell,
  Blocks,
  CalendarClock,
  CarFront,
  ChevronRight,
  CloudRain,
  HandIcon,
  HeartPulse,
  type LucideIcon,
  Plug,
  Thermometer,
  Wallet,
} from "lucide-react";
import Link from "next/link";
import type { Alert } from "@/lib/contracts/context";

const icons: Record<string, LucideIcon> = {
  approval: HandIcon,
  connection: Plug,
  module: Blocks,
  event: CalendarClock,
  leave: CarFront,
  traffic: CarFront,
  budget: Wallet,
  pending: Wallet,
  temperature: Thermometer,
  rain: CloudRain,
  hrv: HeartPulse,
  readiness: HeartPulse,
};

/** What needs the person, a line each; what can be acted on is a link to where. */
export function AlertList({ alerts, label }: { alerts: readonly Alert[]; label: string }) {
  if (alerts.length === 0) return null;
  return (
    <ul aria-label={label} className="-mx-2 flex flex-col">
      {alerts.map((alert) => (
        <li key={`${alert.kind} ${alert.text}`}>
          {alert.href ? (
            <Link
              href={alert.href}
              className="group flex items-start gap-3 rounded-md px-2 py-1.5 transition-colors hover:bg-muted"
            >
              <Line alert={alert} />
              <ChevronRight
                aria-hidden
                className="mt-1 ml-auto size-4 shrink-0 text-muted-foreground opacity-60 transition-opacity group-hover:opacity-100"
              />
            </Link>
          ) : (
            <div className="flex items-start gap-3 px-2 py-1.5">
              <Line alert={alert} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ alert: { kind, text } }: { alert: Alert }) {
  const Icon = icons[kind] ?? Bell;
  return (
    <>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0 text-warning" />
      <span className="min-w-0 break-words text-[15px] leading-snug">{text}</span>
    </>
  );
}
