import {
  Cloud,
  CloudDrizzle,
  CloudFog,
  CloudLightning,
  CloudRain,
  Haze,
  type LucideIcon,
  Snowflake,
  Sun,
  TriangleAlert,
} from "lucide-react";
import type { WeatherLine } from "@/lib/contracts/context";

const icons: Record<string, LucideIcon> = {
  clear: Sun,
  clouds: Cloud,
  rain: CloudRain,
  drizzle: CloudDrizzle,
  thunderstorm: CloudLightning,
  snow: Snowflake,
  mist: CloudFog,
  fog: CloudFog,
  haze: Haze,
  extreme: TriangleAlert,
};

/** Weather in one line. */
export function WeatherStrip({ line }: { line: WeatherLine }) {
  const Icon = icons[line.condition] ?? Cloud;
  return (
    <p className="flex items-start gap-3 text-[15px] leading-snug">
      <Icon aria-hidden className="mt-px size-5 shrink-0 text-primary" />
      <span className="min-w-0 break-words">{line.text}</span>
    </p>
  );
}
