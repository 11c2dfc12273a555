import type {DiskCauses} from '../filling/disk-causes.ts';
import type {Eta} from './eta.ts';
import type {Figure} from './figure.ts';
import type {Lsn} from '../pg/lsn.ts';
import type {Runway} from '../filling/runway.ts';
import type {Work} from '../ends/work.ts';
import type {ServerRole} from '../pg/server-role.ts';

/** One logical or physical slot of the primary, as the probe saw it. Bytes are WAL bytes. */
export interface SlotReading {
  readonly name: string;
  readonly kind: 'logical' | 'physical';
  /** Null for a physical slot. */
  readonly plugin: string | null;
  readonly database: string | null;
  readonly active: boolean;
  /** Whether this run made it; a foreign slot is watched but never touched. */
  readonly ours: boolean;
  readonly restartLsn: Lsn | null;
  readonly confirmedFlushLsn: Lsn | null;
  /** WAL that the slot keeps on the primary's disk, from restart_lsn to the current insert position; null without restart_lsn. */
  readonly retainedBytes: number | null;
  /** 13+: reserved, extended, unreserved, lost. Null before 13. */
  readonly walStatus: string | null;
  readonly safeWalBytes: number | null;
  /** 17+; null while the slot is valid or before 17. */
  readonly invalidationReason: string | null;
}

/** Whether the server has invalidated the slot: what was to be read from it is gone. */
export function isLost(slot: Pick<SlotReading, 'invalidationReason' | 'walStatus'>): boolean {
  return slot.invalidationReason !== null || slot.walStatus === 'lost';
}

/** The disk that a server's WAL or data lies on. Null is unknown, never guessed. */
export interface DiskReading {
  readonly totalBytes: number | null;
  readonly freeBytes: number | null;
  /** Where the figures come from, or why there are none: `command`, `volume size in longhaul.yaml`, `not configured`. */
  readonly from: string;
}

/** A unit while it loads. */
export interface UnitReading {
  readonly unit: string;
  /** Bytes that have gone through the consumer's pipe so far. */
  readonly bytes: number;
  /** Bytes per second over the last readings; null before the second one. */
  readonly bytesPerSecond: number | null;
  /** Rows that the target has taken of the current table (pg_stat_progress_copy, 14+); null when it cannot be asked. */
  readonly rows: number | null;
  /** Last line of the unit's log, for the lane's box. */
  readonly lastLine: string | null;
}

/** A connection that streams WAL from the primary. */
export interface SenderReading {
  readonly applicationName: string;
  /** `streaming`, `catchup`; null where the role may not see it (pg_monitor or superuser may). */
  readonly state: string | null;
  /** WAL written on the primary and not yet sent on this connection; null where it may not be seen. */
  readonly unsentBytes: number | null;
}

/** What a probe saw. `at` is the jump box's clock in ISO 8601. */
export type Reading = {readonly at: string} & ReadingBody;

/** A reading before it gets its time. */
export type ReadingBody =
  | {readonly probe: 'slots'; readonly currentLsn: Lsn; readonly slots: readonly SlotReading[]}
  | {
      readonly probe: 'replica';
      /** False once it was promoted. */
      readonly inRecovery: boolean;
      readonly paused: boolean;
      /** Whether a WAL receiver streams to it; null before 9.6, which does not tell. */
      readonly receiving?: boolean | null;
      readonly receiveLsn: Lsn | null;
      readonly replayLsn: Lsn | null;
      readonly postmasterStart: string;
      /** WAL received and not replayed, which lies on the replica's disk. */
      readonly backlogBytes: number | null;
    }
  | {
      readonly probe: 'wal';
      readonly server: 'source' | 'replica';
      readonly walBytes: number | null;
      readonly why: string | null;
    }
  | {readonly probe: 'disk'; readonly server: 'source' | 'replica' | 'target'; readonly disk: DiskReading}
  | {readonly probe: 'lanes'; readonly units: readonly UnitReading[]}
  /** Indexes that are built, tables that are compared; null while no such step runs. */
  | {readonly probe: 'work'; readonly work: Work | null}
  | {
      readonly probe: 'transactions';
      readonly server: 'source';
      /** The oldest transaction that holds an xid or a snapshot, in seconds; null when there is none. */
      readonly oldestSeconds: number | null;
      /** Who has it, and how many sessions may not be seen; null when there is nothing to say. */
      readonly oldest: string | null;
      /** Whether the oldest is a prepared one, which has no backend; a reading of protocol 3 does not say. */
      readonly isPrepared?: boolean;
      /** The statement that ends it, for a superuser; null where there is none, and a reading of an earlier version has it not. */
      readonly ends?: string | null;
      readonly prepared: number;
    }
  | {
      readonly probe: 'target';
      readonly databaseBytes: number | null;
      /** When that was: it is asked seldom, because it reads every file's size. ISO 8601. */
      readonly databaseSeenAt: string;
      readonly blocked: number;
      readonly activity: readonly string[];
      /** Paused units that have no session there any more: they can only begin again. */
      readonly cutOff: readonly string[];
    }
  | {readonly probe: 'senders'; readonly senders: readonly SenderReading[]}
  /** Of a probe whose figures nobody else reckons with by a type: `of` and the server are its name, `wraparound:source`. */
  | {
      readonly probe: 'figures';
      readonly of: string;
      readonly server: ServerRole;
      readonly figures: readonly Figure[];
    }
  /** Derived: how fast the primary writes WAL, and how much of its time our questions take: 0.002 is two thousandths of a connection. */
  | {readonly probe: 'primary'; readonly walBytesPerSecond: number | null; readonly askedShare: number}
  /** Derived: what is true now of each alarm that is due, by its id, and what to do now; the journal has what was so when it was raised. */
  | {
      readonly probe: 'alarms';
      readonly seen: Readonly<Record<string, string>>;
      readonly remedies?: Readonly<Record<string, string>>;
    }
  /** Derived: when the server's disk is full at this growth; null with the reason where that cannot be said. */
  | {
      readonly probe: 'runway';
      readonly server: ServerRole;
      readonly runway: Runway | null;
      readonly why: string;
      /** Whose the growth is; null where nothing was read of it yet. */
      readonly causes?: DiskCauses | null;
    }
  /** Derived: when the load and the indexes are done. */
  | {readonly probe: 'eta'; readonly eta: Eta}
  | {readonly probe: 'failed'; readonly of: string; readonly message: string};
