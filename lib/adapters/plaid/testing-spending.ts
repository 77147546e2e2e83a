import { addDays, chanceOf, daysBetween, type SampleInstitution } from "./testing-banks";
import { type Habit, households } from "./testing-habits";

/** One movement on one account, as the bank's books have it. */
export interface SampleEntry
  extends Pick<Habit, "account" | "name" | "merchant" | "category" | "channel" | "isCard" | "time"> {
  /** Unique within a day. */
  key: string;
  /** In the currency's minor units. Plaid's sign: positive = money out. */
  cents: number;
  /** What the pending one says, where that differs: a restaurant's before the tip. */
  pendingCents?: number;
}

/** What happened on a day. The same seed, bank and day always give the same. */
export function entriesOn(seed: string, institution: SampleInstitution, date: string): SampleEntry[] {
  const entries = habitsOn(seed, institution, date);
  const payment = households[institution.household].cardPayment;
  if (payment === null || !date.endsWith("-23")) return entries;
  const cents = sumOfLastMonth(seed, institution, date, payment.card);
  const rest = {
    merchant: null,
    category: "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT",
    channel: "other",
    isCard: false,
    time: null,
  } as const;
  return [
    ...entries,
    { key: "card-out", account: payment.from, cents, name: "CREDIT CARD PAYMENT", ...rest },
    { key: "card-in", account: payment.card, cents: -cents, name: "PAYMENT THANK YOU", ...rest },
  ];
}

function habitsOn(seed: string, institution: SampleInstitution, date: string): SampleEntry[] {
  const at = new Date(`${date}T00:00:00Z`);
  const chance = (habit: Habit, what: string) => chanceOf(`${seed}/${institution.id}/${date}/${habit.key}/${what}`);
  return households[institution.household].habits
    .filter((habit) => isDue(habit, at, date, chance(habit, "whether")))
    .map((habit) => toEntry(habit, chance(habit, "amount")));
}

function isDue({ on }: Habit, at: Date, date: string, chance: number): boolean {
  if ("dayOfMonth" in on) return at.getUTCDate() === on.dayOfMonth;
  if ("everyDays" in on) return daysBetween("2024-01-01", date) % on.everyDays === on.offset;
  return on.weekdays.includes(at.getUTCDay()) && chance < on.chance;
}

function toEntry(habit: Habit, chance: number): SampleEntry {
  const { key, account, name, merchant, category, channel, isCard, hasTip, time } = habit;
  const [from, to] = habit.cents;
  const cents = from + Math.floor(chance * (to - from + 1));
  const entry = { key, account, cents, name, merchant, category, channel, isCard, time };
  return hasTip ? { ...entry, pendingCents: Math.round(cents / 1.15) } : entry;
}

/** What the card of a household took in the month before: its payment on the 23rd. */
function sumOfLastMonth(seed: string, institution: SampleInstitution, date: string, account: string): number {
  const lastDay = addDays(`${date.slice(0, 7)}-01`, -1);
  let cents = 0;
  for (let day = lastDay; day.slice(0, 7) === lastDay.slice(0, 7); day = addDays(day, -1))
    for (const entry of habitsOn(seed, institution, day)) if (entry.account === account) cents += entry.cents;
  return cents;
}
