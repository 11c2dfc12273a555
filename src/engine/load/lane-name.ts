import {createHash} from 'node:crypto';

/** What Postgres keeps of an application_name. */
const MOST_BYTES = 63;

/**
 * How both ends of a unit's pipeline are seen in pg_stat_activity: `longhaul/acme-prod/01-events`. One that is too long ends in a hash of
 * the whole, so that two units never look the same. Run and unit are ASCII.
 */
export function laneApplicationName(run: string, unit: string): string {
  const name = `longhaul/${run}/${unit}`;
  if (name.length <= MOST_BYTES) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, MOST_BYTES - hash.length - 1)}~${hash}`;
}

/** The folder of one attempt, under the run's lanes: `01-events.2`. */
export function laneFolderName(unit: string, attempt: number): string {
  return `${unit}.${attempt}`;
}
