import { headers } from "next/headers";
import { dayIn } from "@/lib/contracts/day";
import type { Viewer } from "@/lib/contracts/viewer";
import { getTimeZone } from "@/lib/db/profile";
import { readReader } from "../calendar/read-reader";

/** How the person reads money and days, and which day it is for them. */
export interface MoneyReader {
  locale: string;
  isPhone: boolean;
  timeZone: string;
  now: Date;
  today: string;
}

export async function readMoneyReader(viewer: Viewer): Promise<MoneyReader> {
  const [head, timeZone] = await Promise.all([headers(), getTimeZone(viewer)]);
  const { locale, isPhone } = readReader(head);
  const now = new Date();
  return { locale, isPhone, timeZone, now, today: dayIn(now, timeZone) };
}
