import type {Config} from '../../../config/config.ts';
import {parseSize} from '../../../config/quantities.ts';

/** Less than this no server takes. */
const LEAST = 1024 ** 2;

/**
 * What each builder may take, as Postgres writes it; null leaves it the server's setting. maintenance_work_mem is for a build with all its parallel
 * workers, so that the builders together never take more than load.memory. Pure.
 * Source: https://www.postgresql.org/docs/current/runtime-config-resource.html (max_parallel_maintenance_workers)
 */
export function eachMemory({
  indexJobs,
  maintenanceWorkMem,
  memoryBytes,
}: Pick<Config['load'], 'indexJobs' | 'maintenanceWorkMem' | 'memoryBytes'>): string | null {
  if (memoryBytes === null) return maintenanceWorkMem;
  const share = Math.max(LEAST, Math.floor(memoryBytes / indexJobs));
  const wanted = parseSize(maintenanceWorkMem ?? '') ?? share;
  return wanted <= share ? (maintenanceWorkMem ?? kiloBytes(share)) : kiloBytes(share);
}

function kiloBytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}kB`;
}
