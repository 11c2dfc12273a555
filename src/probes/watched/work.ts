import type {Work, WorkPiece} from '../../domain/ends/work.ts';
import type {Progress} from '../../pg/load/target-activity.ts';
import type {WatchContext} from '../watch/watch-context.ts';
import type {Probe} from './probe.ts';

/** What the work probe reads from. */
export interface WorkProbeOptions {
  readonly everyMs: number;
  readonly readWork: WatchContext['readWork'];
  /** Progress of index builds in the target's last reading. */
  readonly progress: () => readonly Progress[];
}

/** What the steps after the load do, piece by piece: indexes with the phase and the share that the target tells (12+), tables that are compared. */
export function workProbe({everyMs, readWork, progress}: WorkProbeOptions): Probe {
  return {
    name: 'work',
    everyMs,
    async read() {
      const work = readWork();
      if (work === null) return {probe: 'work', work};
      const seen = progress();
      const pieces = work.pieces.map(({application, ...piece}): WorkPiece => {
        const build = seen.find((one) => one.phase !== null && one.application === application);
        const share = build === undefined ? piece.share : shareOf(build);
        // Of a build that an earlier supervisor began only the server knows the table.
        const table = piece.table === '' ? tableOf(build) : piece.table;
        return {...piece, table, share, phase: build?.phase ?? piece.phase};
      });
      return {probe: 'work', work: {...work, pieces} satisfies Work};
    },
  };
}

/** `index on public.users: scanning table 61 %` → `public.users`; empty where no server tells. */
function tableOf(build: Progress | undefined): string {
  return /^index on (.+?): /.exec(build?.what ?? '')?.[1] ?? '';
}

/** Reading the table takes about this share of a build; the rest writes the tree. */
const SCAN = 0.6;
/** Until it is committed it is not there. */
const MOST = 0.99;

/** How much of an index is built, from 0 to 1: the server counts blocks while it reads the table, and tuples while it writes the tree. Pure. */
export function shareOf({blocksDone, blocksTotal, tuplesDone, tuplesTotal, phase}: Progress): number {
  const written = ratio(tuplesDone, tuplesTotal);
  const read = ratio(blocksDone, blocksTotal);
  if (phase === 'loading tuples in tree') return Math.min(MOST, SCAN + (1 - SCAN) * (written ?? 0));
  if (phase === 'scanning table') return SCAN * (read ?? 0);
  if (phase?.startsWith('sorting') === true) return SCAN;
  // Other access methods have one phase.
  return Math.min(MOST, read ?? written ?? 0);
}

function ratio(done: number | null, total: number | null): number | null {
  return done === null || total === null || total <= 0 ? null : Math.min(1, done / total);
}
