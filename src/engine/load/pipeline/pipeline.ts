import type {Config} from '../../../config/config.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {DataColumns} from '../../../pg/load/copy-data.ts';
import type {Tools} from '../../tools/tools.ts';
import type {DumpError, ToolError} from './tool-errors.ts';

/** What both ends need to carry one unit of all. The two conninfos hold no password. */
export interface Carried {
  readonly unit: LoadUnit;
  readonly all: readonly LoadUnit[];
  /** Which tables are wanted, as longhaul.yaml says. */
  readonly wanted: Config['tables'];
  readonly tools: Tools;
  readonly replicaVersion: ServerVersion;
  /** The unit's tables with the columns that hold data, as the replica has them; empty where the method does not ask. */
  readonly columns: readonly DataColumns[];
  /** Whether the target's table is emptied in the unit's transaction, so that its rows may be frozen. */
  readonly freeze: boolean;
  readonly replica: string;
  readonly target: string;
}

/** The passwords of both ends, where libpq does not find them by itself; they travel in the environment only. */
export interface LaneSecrets {
  readonly replica: string | null;
  readonly target: string | null;
}

/** What the taking end has said so far. */
export interface Progress {
  /** Rows of the tables that are in. */
  readonly rows: number;
  /** The table in hand; null between two. */
  readonly current: RelationName | null;
}

/**
 * How a unit's data travels, one file a method. The lane (libexec/lane.sh, lane-files.ts) puts the unit's SQL and the fence around it and does
 * not know which method it runs: `dump.sh` writes the data to its standard output and ends with 0 where they are whole, `load.sh` takes
 * SQL and data from its standard input in one session and ends it at the first error.
 */
export interface Pipeline {
  /** As the lane's folder has it in `method`, so that whoever reads what a lane left knows how. */
  readonly method: Exclude<Config['load']['method'], 'auto'>;
  /** Whether it can carry the unit, and all of it and nothing else. */
  carries(unit: Pick<LoadUnit, 'id' | 'kind' | 'tables'>): boolean;
  /** Whether it wants to know the columns of the unit's tables. */
  readonly wantsColumns: boolean;
  /** Whether its rows may be frozen as they come in. */
  readonly freezes: boolean;
  /**
   * The commands of both ends, as shell; `shown` is both of them for people. `files` lie beside them in the lane's folder. `afterData` is SQL that the unit runs
   * between its data and its token. Where the pipe cannot hold the token, `token` names the file that the taking end reads after the pipe.
   */
  ends(carried: Carried): {
    readonly dump: string;
    readonly load: string;
    readonly shown: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly afterData?: string;
    readonly token?: string;
  };
  /** What both ends have in their environment beside what the host gives them. */
  environment(secrets: LaneSecrets): Readonly<Record<string, string>>;
  /** The producing end: what it is called in messages, and the error in what it said; null when it said none. */
  readonly producer: {readonly name: string; readonly errorIn: (log: string) => DumpError | null};
  /** The taking end. Its program's name is also that of the process whose bytes are the unit's progress. */
  readonly consumer: {readonly name: string; readonly errorIn: (log: string) => ToolError | null};
  /** Reads the lane's `log`. */
  readProgress(log: string): Progress;
}
