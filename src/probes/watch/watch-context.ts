import type {Lsn} from '../../domain/pg/lsn.ts';
import type {PastAttempt} from '../../domain/reading/estimate-load.ts';
import type {Figure} from '../../domain/reading/figure.ts';
import type {RunEvent} from '../../domain/run/event.ts';
import type {UnitReading} from '../../domain/reading/reading.ts';
import type {Work, WorkPiece} from '../../domain/ends/work.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';
import type {AlarmThresholds} from '../judge/thresholds.ts';

/** Where a server's free disk space comes from, as longhaul.yaml has it. */
export interface DiskQuestion {
  readonly command: readonly string[] | null;
  readonly volumeBytes: number | null;
}

/** What watching needs of the run. The supervisor's context gives it; tests give their own servers. */
export interface WatchContext {
  readonly run: string;
  /** How often the slots are read; the costlier probes come at multiples of it. */
  readonly intervalMs: number;
  readonly disks: Readonly<Record<ServerRole, DiskQuestion>>;
  readonly thresholds: AlarmThresholds;
  /** How far behind a slot may be and count as caught up; 0 where it is left out. */
  readonly caughtUpWalBytes?: number;
  /** The operator's own command for alarms, with its arguments; null for none. */
  readonly alarmCommand: readonly string[] | null;
  /** Gives commands of ours in a remedy the configuration of this run: whoever is paged sits in another folder. Left out, they stay as they are. */
  readonly complete?: (text: string) => string;
  /** Where OpenMetrics text goes for node_exporter's textfile collector; null for nowhere. */
  readonly metricsFile: string | null;
  /** readings.jsonl. */
  readonly readingsFile: string;
  /** line.json, for `status --line`. */
  readonly lineFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time for what is written down, as the journal's: never behind what that has. */
  readonly now: () => number;
  /** The jump box's clock, as others on this machine have it. */
  readonly wall: () => number;
  /** For waits and ages: milliseconds that go on whatever is done to the jump box's clock. */
  readonly steady: () => number;
  readonly state: () => RunState;
  readonly record: (event: RunEvent) => Promise<void>;
  /** A read-only session with short time-outs, for probes alone. */
  readonly open: (role: ServerRole) => Promise<Session>;
  /** When the run itself last connected to a server, by the steady clock; null where it never has. */
  readonly connectedMs?: (role: ServerRole) => number | null;
  /** Times of an earlier attempt of this run, for the index phase; null when there was none. */
  readonly readPast: () => Promise<PastAttempt | null>;
  /** How the sessions of a unit are called in pg_stat_activity. */
  readonly applicationOf: (unit: string) => string;
  /** The units that load now, from the processes on this machine; rates and rows are added here. */
  readonly readLanes: () => Promise<readonly LaneBytes[]>;
  /** What the step that builds indexes or compares rows does now; null while none runs. */
  readonly readWork: () => WorkSeen | null;
  /** How many changes of the source's schema the target has not followed since P, by the probes' session there; null while nothing is known. What they are it journals. */
  readonly readDrift: (source: Session) => Promise<number | null>;
  /** Change capture that Longhaul has started, slot by slot; none before. Null where somebody else starts it. */
  readonly readCapture: (() => Promise<readonly CaptureSeen[]>) | null;
  /** What is seen around it; null as above, and left out where nobody asks. */
  readonly readGuards?: (() => Promise<readonly Figure[]>) | null;
  /** Who writes where a cutover, or the way back, stops the writes; none while nothing of that kind is under way. As above. */
  readonly readWriters?: (() => Promise<readonly Figure[]>) | null;
  /** How many clients the side has that was left by a cutover, or by the way back; none while none is left. As above. */
  readonly readVisitors?: (() => Promise<readonly Figure[]>) | null;
}

/** How a slot's changes come to the target, whichever engine brings them. */
export interface CaptureSeen {
  readonly slot: string;
  readonly state: 'stopped' | 'running' | 'blocked' | 'down';
  readonly waitsFor: readonly number[];
  readonly workerPid?: number | null;
  /** Left out where nobody asks. */
  readonly receivedLsn?: Lsn | null;
  readonly appliedLsn: Lsn | null;
  readonly confirmedLsn?: Lsn | null;
  readonly lagBytes: number | null;
  readonly lagSeconds: number;
  /** How long ago the newest sentinel was written; null before the first, left out where nobody asks. */
  readonly quietSeconds?: number | null;
  readonly errors: number | null;
  /** As the target counts them; left out where it does not. */
  readonly conflicts?: {readonly all: number; readonly skipped: number};
  /** The tables of the slot that change most; left out where nobody asks. */
  readonly busiest?: readonly {readonly table: string; readonly rowsPerSecond: number}[];
  readonly sentinels: {readonly source: number; readonly target: number};
  /** How long ago the worker has heard of the source; null where it has not yet, left out where the target does not tell. */
  readonly heardSeconds?: number | null;
}

/** The work of a step, from this process: what the target tells of its pieces is added by the probe. */
export type WorkSeen = Omit<Work, 'pieces'> & {
  readonly pieces: readonly (WorkPiece & {
    /** How its session is seen in pg_stat_activity of the target; null where it has none there. */
    readonly application: string | null;
  })[];
};

/** A unit that loads and what went down its pipe. */
export interface LaneBytes extends Pick<UnitReading, 'unit' | 'bytes' | 'lastLine'> {
  /** How its sessions are seen in pg_stat_activity. */
  readonly application: string;
}
