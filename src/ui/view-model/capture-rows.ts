import {counted, formatDuration} from '../../domain/base/units.ts';
import type {CatchUp} from '../../domain/ends/catch-up.ts';
import {lsnAt} from '../../domain/pg/lsn.ts';
import {seenOf} from '../../domain/run/capture/seen-of.ts';
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
  /** When it will have caught up, as the supervisor reckons; null where it does not. */
  readonly catchUp: CatchUp | null;
  /** How often applying has failed; null where the target does not count. */
  readonly errors: number | null;
  /** Changes that did not fit, as far as the target counts them: in all, and updates and deletes that found no row. */
  readonly conflicts: number;
  readonly skipped: number;
  /** Positions in the source's WAL; null where the engine does not tell. */
  readonly receivedLsn: string | null;
  readonly appliedLsn: string | null;
  readonly confirmedLsn: string | null;
  /** Its tables that change most. */
  readonly busiest: readonly {readonly table: string; readonly rowsPerSecond: number}[];
}

type Figures = ReadonlyMap<string, number | null>;

/** Every slot that change capture reads, as the target has it; none before it was started, or where nobody of ours watches it. */
export function captureRows(live: Live): readonly CaptureRow[] {
  const slots = new Map<string, Map<string, number | null>>();
  const tables = new Map<string, {readonly table: string; readonly rowsPerSecond: number}[]>();
  const ahead = new Map<string, Map<string, number | null>>();
  for (const [probe, {name, of, value}] of figuresOf(live, 'target')) {
    const seen = isOfCapture(probe) ? seenOf(of) : null;
    if (seen === null) continue;
    const {slot, table} = seen;
    if (table !== null) tables.set(slot, [...(tables.get(slot) ?? []), {table, rowsPerSecond: value ?? 0}]);
    else noteIn(probe === CATCH_UP ? ahead : slots, slot, {name, value});
  }
  return [...slots].map(([slot, figures]) => ({
    id: screenText(slot),
    trouble: unseenOf(live) ?? troubleOf(figures, isHeld(live, slot)),
    held: isHeld(live, slot),
    behindBytes: figures.get('lag_bytes') ?? null,
    behindSeconds: figures.get('lag_seconds') ?? null,
    appliedPerSecond: figures.get('applied_per_second') ?? null,
    catchUp: catchUpOf(ahead.get(slot)),
    errors: figures.get('errors') ?? null,
    conflicts: figures.get('conflicts') ?? 0,
    skipped: figures.get('conflicts_skipped') ?? 0,
    receivedLsn: positionOf(figures.get('received_lsn')),
    appliedLsn: positionOf(figures.get('applied_lsn')),
    confirmedLsn: positionOf(figures.get('confirmed_lsn')),
    busiest: tables.get(slot) ?? [],
  }));
}

/** What the supervisor foretells from the readings of change capture. */
const CATCH_UP = 'catch_up:target';

function noteIn(
  all: Map<string, Map<string, number | null>>,
  slot: string,
  {name, value}: {readonly name: string; readonly value: number | null},
): void {
  all.set(slot, (all.get(slot) ?? new Map<string, number | null>()).set(name, value));
}

function positionOf(address: number | null | undefined): string | null {
  return address === null || address === undefined ? null : lsnAt(address);
}

function catchUpOf(figures: Figures | undefined): CatchUp | null {
  if (figures === undefined) return null;
  const minutesOf = (name: string): number | null => {
    const seconds = figures.get(name) ?? null;
    return seconds === null ? null : seconds / 60;
  };
  const [soonest, latest] = [minutesOf('soonest_seconds'), minutesOf('latest_seconds')];
  return figures.has('never') || soonest !== null ? {soonest, latest} : null;
}

/** Whether the probe of this name watches change capture or a cutover: its figures have a place of their own on the screen. */
export function isOfCapture(probe: string): boolean {
  return probe.startsWith('cdc:') || probe.startsWith('writers:') || probe === CATCH_UP;
}

function isHeld({run: {fence}}: Live, slot: string): boolean {
  return fence?.slots.includes(slot) === true;
}

/** Of both servers something is asked: what was read before one of them went away says nothing of now. */
function unseenOf(live: Live): string | null {
  const away = silentServers(live).find(({server}) => server !== 'replica');
  return away === undefined ? null : `not seen: ${away.server} away`;
}

function stoppedFor(seconds: number): string {
  return seconds < 1 ? 'STOPPED' : `STOPPED for ${formatDuration(seconds * 1000)}`;
}

/** The worst first: what is lost, what does not run, what waits, what hangs; for a comparison of ours it waits as it should. */
function troubleOf(figures: Figures, held: boolean): string | null {
  const missing = figures.get('sentinels_missing') ?? 0;
  if (missing > 0) return `${counted(missing, 'sentinel')} MISSING`;
  if (missing < 0) return `${counted(-missing, 'sentinel')} too many`;
  if ((figures.get('disabled') ?? 0) > 0 && !held) return stoppedFor(figures.get('disabled_seconds') ?? 0);
  const down = figures.get('down_seconds');
  // A worker that is gone begins again after five seconds by itself.
  if (down !== undefined) return `no worker for ${Math.round(down ?? 0)} s`;
  if (held) return null;
  const pid = figures.get('blocked_by') ?? 0;
  if (pid > 0) return `waits for pid ${pid}`;
  const hung = figures.get('hung_seconds') ?? 0;
  return hung > 0 ? `does not move for ${Math.round(hung)} s` : null;
}
