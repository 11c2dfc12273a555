import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {noFaults, type Faults} from '../task/faults.ts';

/** A request or an answer of the API: whatever JSON it is. */
export type Json = Readonly<Record<string, unknown>>;

/** An endpoint, as it was created. */
export interface EndpointRow {
  readonly arn: string;
  readonly made: Json;
}

/** What a task has read and applied of a table. */
export interface TableCounts {
  readonly schema: string;
  readonly table: string;
  inserts: number;
  updates: number;
  deletes: number;
  appliedInserts: number;
  appliedUpdates: number;
  appliedDeletes: number;
}

/** A task, and how it is. */
export interface TaskRow {
  readonly arn: string;
  made: Json;
  status: 'ready' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';
  stopReason: string | null;
  lastFailure: string | null;
  /** Whether it was ever started: from then on it is resumed, never started again. */
  begun: boolean;
  checkpoint: string | null;
  /** How often it was started or resumed, and has ended: shown as times, which only differ from run to run. */
  startedAt?: number;
  endedAt?: number;
  faults: Faults;
  readonly tables: TableCounts[];
}

/** Everything that the stand-in knows, kept in a file: a kill loses nothing of it. */
export interface Store {
  readonly endpoints: EndpointRow[];
  readonly tasks: TaskRow[];
  readonly connections: {
    readonly instance: string;
    readonly endpoint: string;
    status: string;
    failure: string | null;
  }[];
  save(): void;
}

/** The store in a file; empty where there is none yet. */
export function openStore(path: string): Store {
  const kept = read(path);
  const store: Store = {
    endpoints: kept?.endpoints ?? [],
    tasks: (kept?.tasks ?? []).map((task) => ({...task, faults: {...noFaults(), ...task.faults}})),
    connections: kept?.connections ?? [],
    save: () => {
      writeFileSync(`${path}.new`, JSON.stringify(store), {mode: 0o600});
      renameSync(`${path}.new`, path);
    },
  };
  return store;
}

function read(path: string): Pick<Store, 'endpoints' | 'tasks' | 'connections'> | null {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes it
    return JSON.parse(readFileSync(path, 'utf8')) as Store;
  } catch {
    return null;
  }
}
