/** Days and wall clocks without a zone: milliseconds as if the clock on the wall were UTC, days as whole numbers of them. */
export const dayMs = 86_400_000;

export interface CalendarDay {
  /** Days since 1970-01-01. */
  number: number;
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  daysInMonth: number;
  dayOfYear: number;
  daysInYear: number;
}

/** Days since 1970-01-01 in the Gregorian calendar. Months beyond 12 run into the next years. */
export function dayNumber(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day is the last one (Hinnant, "chrono-compatible low-level date algorithms").
  const months = year * 12 + month - 3;
  const march = Math.floor(months / 12);
  const sinceMarch = months - march * 12;
  const leapDays = Math.floor(march / 4) - Math.floor(march / 100) + Math.floor(march / 400);
  return march * 365 + leapDays + Math.floor((153 * sinceMarch + 2) / 5) + day - 1 - 719_468;
}

/** Without `Date`, as rules look at millions of days. */
export function calendarDay(number: number): CalendarDay {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const sinceMarch = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * sinceMarch + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return {
    number,
    year,
    month,
    day: sinceMarch - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    weekday: (((number + 4) % 7) + 7) % 7,
    daysInMonth: month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31,
    dayOfYear: number - dayNumber(year, 1, 1) + 1,
    daysInYear: isLeap ? 366 : 365,
  };
}

/** The number of a day's week and how many weeks its year has: a week belongs to the year that has four of its days. */
export function weekOf(day: CalendarDay, weekStart: number): { week: number; weeks: number } {
  const numberOf = ({ number, weekday }: CalendarDay) => {
    const pivot = calendarDay(number - ((weekday - weekStart + 7) % 7) + 3);
    return { week: Math.ceil(pivot.dayOfYear / 7), year: pivot.year };
  };
  const { week, year } = numberOf(day);
  return { week, weeks: numberOf(calendarDay(dayNumber(year, 12, 28))).week };
}
