import type {RelationName} from '../domain/pg/relation.ts';
import type {ServerRole} from '../domain/pg/server-role.ts';
import type {Conninfo} from './conninfo/conninfo.ts';
import type {EngineName} from './engines.ts';

/** When something that was taken off the target comes back. */
export type Restore = 'after-load' | 'at-cutover';

/** Where a server's free disk space comes from; without either it is shown as unknown. */
export interface DiskSource {
  /** A command with its arguments that prints free and total bytes, two numbers; run without a shell. */
  readonly command: readonly string[] | null;
  /** The volume's size; free space is then this less what the server says it uses. */
  readonly volumeBytes: number | null;
}

/** longhaul.yaml, validated, with its defaults, times in milliseconds and sizes in bytes. The keys are those of the file in camelCase. */
export interface Config {
  /** The run's name: `acme-prod`. Lower case letters, digits, `-` and `_`; what is typed to confirm. */
  readonly run: string;
  /** Absolute path of the folder that holds journal, plan and lanes. */
  readonly runDirectory: string;
  readonly servers: Readonly<Record<ServerRole, Conninfo>>;
  /** Folder of pg_dump and psql; null looks in PATH and the usual places. */
  readonly toolsFolder: string | null;
  readonly tables: {
    /** Empty means all. */
    readonly includeSchemas: readonly string[];
    readonly excludeSchemas: readonly string[];
    /** When not empty, only these. */
    readonly include: readonly RelationName[];
    readonly exclude: readonly RelationName[];
  };
  readonly slots: {
    readonly prefix: string;
    readonly count: number;
    /** Slot name → the tables that must be in it. */
    readonly assign: Readonly<Record<string, readonly RelationName[]>>;
  };
  readonly cdc: {
    /** `none` is a plain copy at P. What an engine wants and does: engine/capture/engines.ts, the only place that asks for its name. */
    readonly engine: EngineName;
    readonly nodeName: string;
    /** The dsn kept in the source's catalog, in clear; null makes one from the source's conninfo without password. */
    readonly nodeDsn: string | null;
  };
  readonly load: {
    readonly lanes: number;
    /** How many of the largest tables get a lane of their own, or which. */
    readonly bigTables: number | readonly RelationName[];
    readonly method: 'pg_dump';
    /** When unique indexes beside a primary key are built: DMS's batch apply fails on them until it has caught up. */
    readonly unique: 'after-load' | 'after-catch-up';
    readonly foreignKeys: Restore;
    readonly triggers: Restore;
    readonly indexJobs: number;
    /** For each builder, as Postgres writes it: `1GB`; null leaves the server's setting. */
    readonly maintenanceWorkMem: string | null;
    /** How often a unit is tried again by itself after a failure that time heals. */
    readonly retries: number;
    /** Before the first of these; each further one waits twice as long. */
    readonly retryDelayMs: number;
  };
  readonly timeouts: {
    readonly connectMs: number;
    readonly statementMs: number;
    readonly lockMs: number;
    readonly createSlotMs: number;
    readonly pauseMs: number;
    /** Exact counts and measuring LOB columns read whole tables. */
    readonly scanMs: number;
  };
  /** `never` is for rehearsals. */
  readonly confirm: 'typed' | 'never';
  readonly probes: {
    readonly intervalMs: number;
    /** OpenMetrics text for node_exporter's textfile collector; null for none. */
    readonly metricsFile: string | null;
  };
  readonly disks: Readonly<Record<ServerRole, DiskSource>>;
  readonly alarms: {
    readonly retainedBytes: number;
    readonly runwayMinutes: number;
    readonly inactiveMinutes: number;
    readonly stalledMinutes: number;
    readonly longTransactionMinutes: number;
    /** Run for every alarm with LONGHAUL_ALARM_* in its environment, without a shell; null for none. */
    readonly command: readonly string[] | null;
  };
}
