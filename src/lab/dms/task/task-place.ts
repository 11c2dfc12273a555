import type {Conninfo} from '../../../config/conninfo/conninfo.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import type {Entry} from './messages.ts';
import type {TaskRow} from '../api/store.ts';

/** What a task works with. */
export interface TaskPlace {
  readonly row: TaskRow;
  readonly name: string;
  readonly slot: string;
  /** From where it was told to read: P. */
  readonly start: Lsn;
  readonly source: Conninfo;
  readonly target: Conninfo;
  /** What the target endpoint runs in each new session. */
  readonly afterConnect: string;
  readonly failsOnTruncation: boolean;
  readonly trimSpaceInChar: boolean;
  /** What becomes of an error, by the task's settings: `STOP_TASK`, `LOG_ERROR`. */
  readonly policyOf: (action: Entry['action']) => string;
  readonly signal: AbortSignal;
  /** Told when its counts or state have changed. */
  readonly onChange: () => void;
}
