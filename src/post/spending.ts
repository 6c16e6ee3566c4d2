import { z } from 'zod';

/** What the AI cost, in dollars by month, as `2026-11`. */
export const Spending = z.record(z.string(), z.number());
export type Spending = Readonly<z.infer<typeof Spending>>;

const monthsKept = 24;

/** The month that it is in this time zone, as `2026-11`. */
export function monthIn(timeZone: string, now: Date): string {
  return monthsIn(timeZone)(now);
}

/** The same for many times, at a twentieth of the cost. */
export function monthsIn(timeZone: string): (at: Date) => string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit' });
  return (at) => {
    const found = new Map(parts.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${found.get('year')}-${found.get('month')}`;
  };
}

export function spentIn(spending: Spending | undefined, month: string): number {
  return spending?.[month] ?? 0;
}

/** With so many dollars more in this month, or fewer where they are negative; only the newest months are kept. */
export function withSpent(spending: Spending | undefined, month: string, dollars: number): Spending {
  // A token costs down to a hundred-millionth of a dollar; what is smaller comes from adding up fractions.
  const sum = Math.max(0, Math.round((spentIn(spending, month) + dollars) * 1e9) / 1e9);
  const months = Object.entries({ ...spending, [month]: sum }).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(months.slice(-monthsKept));
}
