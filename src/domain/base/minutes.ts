/** A forecast for people, rounded as far as it deserves: 3.2 → `3 min`, 95 → `1.6 h`, 5000 → `3.5 d`, beyond a year `>1 y`. Null is `?`. */
export function formatMinutes(minutes: number | null): string {
  if (minutes === null) return '?';
  if (minutes < 1) return '<1 min';
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  if (hours < 48) return `${hours < 10 ? hours.toFixed(1) : Math.round(hours)} h`;
  if (hours > 365 * 24) return '>1 y';
  return `${(hours / 24).toFixed(1)} d`;
}
