import {formatBytes} from '../base/units.ts';

/** Whose the growth of a disk is, in bytes per second; null while it is being measured. */
export interface DiskCauses {
  /** What this run keeps on it, or writes. */
  readonly ours: {
    readonly kind: 'slots' | 'replay' | 'load';
    /** Null where it cannot be told apart. */
    readonly bytes: number | null;
    readonly perSecond: number | null;
  };
  /** The slot of somebody else that holds the most WAL; null where none holds any. */
  readonly foreign: {readonly slot: string; readonly bytes: number} | null;
  /** Everything else on it: tables, logs, an archive that does not keep up. */
  readonly othersPerSecond: number | null;
}

const WORDS: Readonly<Record<DiskCauses['ours']['kind'], string>> = {
  slots: 'our slots',
  replay: 'WAL to replay',
  load: 'the load',
};

/** For people: `our slots hold 212 GB, +3.0 MB/s; others write 1.0 MB/s`. Pure. */
export function describeCauses({ours, foreign, othersPerSecond}: DiskCauses): string {
  const held = ours.bytes === null ? '' : ` ${ours.kind === 'slots' ? 'hold ' : ''}${formatBytes(ours.bytes)},`;
  return [
    `${WORDS[ours.kind]}${held} ${growth(ours.perSecond)}`,
    ...(foreign === null ? [] : [`slot ${foreign.slot} of others holds ${formatBytes(foreign.bytes)}`]),
    ...(othersPerSecond === null ? [] : [`others write ${formatBytes(othersPerSecond)}/s`]),
  ].join('; ');
}

/** Who makes the disk grow most, for a line that has little room: `our slots +3.0 MB/s`; null where nobody is known to. Pure. */
export function mainCause({ours, foreign, othersPerSecond}: DiskCauses): string | null {
  const own = ours.perSecond ?? 0;
  const others = othersPerSecond ?? 0;
  if (own <= 0 && others <= 0) return null;
  if (others > own) return `others ${growth(others)}`;
  return `${holder({ours, foreign})} ${growth(own)}`;
}

function holder({ours, foreign}: Pick<DiskCauses, 'ours' | 'foreign'>): string {
  const isForeign = ours.kind === 'slots' && foreign !== null && foreign.bytes > (ours.bytes ?? 0);
  return isForeign ? `slot ${foreign.slot}` : WORDS[ours.kind];
}

/**
 * Whether dropping our slots helps the source's disk: it then lasts at least twice as long. What they hold is only freed as far as no slot of somebody
 * else holds it as well, and WAL is then kept on for that one. Pure.
 */
export function releaseHelps(
  {ours, foreign, othersPerSecond}: DiskCauses,
  freeBytes: number | null,
): {readonly freed: number; readonly helps: boolean} {
  const freed = Math.max(0, (ours.bytes ?? 0) - (foreign?.bytes ?? 0));
  if (freed === 0) return {freed, helps: false};
  const stops = foreign === null ? (ours.perSecond ?? 0) : 0;
  return {freed, helps: freed >= (freeBytes ?? 0) || stops >= (othersPerSecond ?? 0)};
}

function growth(perSecond: number | null): string {
  return perSecond === null ? 'growth being measured' : `${perSecond < 0 ? '' : '+'}${formatBytes(perSecond)}/s`;
}
