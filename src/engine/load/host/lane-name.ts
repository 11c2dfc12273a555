import {createHash} from 'node:crypto';
import {NAME_BYTES} from '../../../config/conninfo/conninfo.ts';

/**
 * How both ends of a unit's pipeline are seen in pg_stat_activity: `longhaul/acme-prod/01-events`. One that is too long ends in a hash of
 * the whole, so that no two units have the same. Run and unit are ASCII.
 */
export function laneApplicationName(run: string, unit: string): string {
  const name = `longhaul/${run}/${unit}`;
  if (name.length <= NAME_BYTES) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, NAME_BYTES - hash.length - 1)}~${hash}`;
}

/** How any other session of a run is seen there: `longhaul/acme-prod/index-1`. Pure. */
export function sessionName(run: string, purpose: string): string {
  return `longhaul/${run}/${purpose}`;
}

/** The folder of one attempt, under the run's lanes: `01-events.2`. */
export function laneFolderName(unit: string, attempt: number): string {
  return `${unit}.${attempt}`;
}
