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
export function mainCause(causes: DiskCauses): string | null {
  const {own, others} = growthOf(causes);
  if (own <= 0 && others <= 0) return null;
  if (others > own) return `others ${growth(others)}`;
  const foreign = foreignHolder(causes);
  return `${foreign === null ? WORDS[causes.ours.kind] : `slot ${foreign.slot}`} ${growth(own)}`;
}

/** Whether it is what this run keeps there, or writes, that makes the disk grow most. Pure. */
export function growsByOurs(causes: DiskCauses): boolean {
  const {own, others} = growthOf(causes);
  return own > 0 && own >= others && foreignHolder(causes) === null;
}

function growthOf({ours, othersPerSecond}: DiskCauses): {readonly own: number; readonly others: number} {
  return {own: ours.perSecond ?? 0, others: othersPerSecond ?? 0};
}

/** The slot of somebody else, where it keeps more than ours do: it is that one by which WAL is kept. */
function foreignHolder({ours, foreign}: DiskCauses): DiskCauses['foreign'] {
  return ours.kind === 'slots' && foreign !== null && foreign.bytes > (ours.bytes ?? 0) ? foreign : null;
}

/** What comes free where our slots are dropped: as far as no slot of somebody else holds it as well. Pure. */
export function freedByRelease({ours, foreign}: DiskCauses): number {
  return Math.max(0, (ours.bytes ?? 0) - (foreign?.bytes ?? 0));
}

function growth(perSecond: number | null): string {
  return perSecond === null ? 'growth being measured' : `${perSecond < 0 ? '' : '+'}${formatBytes(perSecond)}/s`;
}
