import {counted} from '../../domain/base/units.ts';
import type {Live} from '../store/live.ts';
import {screenText} from '../screen/screen-text.ts';
import {figuresOf, silentServers} from './readings.ts';

/** How the changes of one slot come to the target. Bytes are WAL bytes of the source. */
export interface CaptureRow {
  /** The slot's name. */
  readonly id: string;
  /** Why it is not applied now, in words; null while it is. */
  readonly trouble: string | null;
  /** A comparison of ours holds it at one commit. */
  readonly held: boolean;
  /** Written on the source and not yet on the target's disk; null where the slot is not there. */
  readonly behindBytes: number | null;
  /** Age of the oldest sentinel that is not on the target yet. */
  readonly behindSeconds: number | null;
  /** Applied a second; null until it was watched for a while. */
  readonly appliedPerSecond: number | null;
  /** How often applying has failed; null where the target does not count. */
  readonly errors: number | null;
}

type Figures = ReadonlyMap<string, number | null>;

/** Every slot that change capture reads, as the target has it; none before it was started, or where nobody of ours watches it. */
export function captureRows(live: Live): readonly CaptureRow[] {
  const slots = new Map<string, Map<string, number | null>>();
  for (const [probe, {name, of, value}] of figuresOf(live, 'target')) {
    if (!isOfCapture(probe) || of === null) continue;
    const slot = of.replace(/^slot /, '');
    slots.set(slot, (slots.get(slot) ?? new Map<string, number | null>()).set(name, value));
  }
  return [...slots].map(([slot, figures]) => ({
    id: screenText(slot),
    trouble: troubleOf(figures, isHeld(live, slot)) ?? unseenOf(live),
    held: isHeld(live, slot),
    behindBytes: figures.get('lag_bytes') ?? null,
    behindSeconds: figures.get('lag_seconds') ?? null,
    appliedPerSecond: figures.get('applied_per_second') ?? null,
    errors: figures.get('errors') ?? null,
  }));
}

/** Whether the probe of this name watches change capture or a cutover: its figures have a place of their own on the screen. */
export function isOfCapture(probe: string): boolean {
  return probe.startsWith('cdc:') || probe.startsWith('writers:');
}

function isHeld({run: {fence}}: Live, slot: string): boolean {
  return fence?.slots.includes(slot) === true;
}

/** Of both servers something is asked: what was read before one of them went away says nothing of now. */
function unseenOf(live: Live): string | null {
  const away = silentServers(live).find(({server}) => server !== 'replica');
  return away === undefined ? null : `not seen: ${away.server} away`;
}

/** The worst first: what is lost, what does not run, what waits, what hangs; for a comparison of ours it waits as it should. */
function troubleOf(figures: Figures, held: boolean): string | null {
  const missing = figures.get('sentinels_missing') ?? 0;
  if (missing > 0) return `${counted(missing, 'sentinel')} MISSING`;
  if (missing < 0) return `${counted(-missing, 'sentinel')} too many`;
  if ((figures.get('disabled') ?? 0) > 0) return 'STOPPED';
  const down = figures.get('down_seconds');
  // A worker that is gone begins again after five seconds by itself.
  if (down !== undefined) return `no worker for ${Math.round(down ?? 0)} s`;
  if (held) return null;
  const pid = figures.get('blocked_by') ?? 0;
  if (pid > 0) return `waits for pid ${pid}`;
  const hung = figures.get('hung_seconds') ?? 0;
  return hung > 0 ? `does not move for ${Math.round(hung)} s` : null;
}
