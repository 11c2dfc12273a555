/** How both ends of a unit's pipeline are seen in pg_stat_activity: `longhaul/acme-prod/01-events`, cut to what Postgres keeps (63 bytes). */
export function laneApplicationName(run: string, unit: string): string {
  return `longhaul/${run}/${unit}`.slice(0, 63);
}

/** The folder of one attempt, under the run's lanes: `01-events.2`. */
export function laneFolderName(unit: string, attempt: number): string {
  return `${unit}.${attempt}`;
}
