import type {ServerVersion} from '../../../src/domain/pg/server-version.ts';
import type {Statement} from '../../../src/pg/session/statement.ts';

/** A server of the lab. */
export type Server = 'source' | 'replica' | 'target';

/** What a trial may know of where it runs. */
export interface Place {
  readonly version: ServerVersion;
  readonly server: Server;
  /** The paused replica's fence as a lane expects it; empty elsewhere. */
  readonly fence: string;
  /** How a superuser connects to this very server. */
  readonly conninfo: string;
}

/** How a function of src/pg that gives SQL is tried. The SQL runs as Longhaul's own role, in a transaction that is rolled back. */
export interface Trial {
  /** Where it runs in a run, and wherever else it could. */
  readonly on: readonly Server[];
  /** What has to be there first, and then what is tried. */
  readonly make: (place: Place) => readonly Statement[];
  /** It cannot be in a transaction, or does not come back with one. */
  readonly alone?: true;
  /** psql's own, with its commands. */
  readonly psql?: true;
  /** Only targets run it, and none before this version has what it needs. */
  readonly from?: ServerVersion;
  /** Before this version only a superuser may. */
  readonly superuserBefore?: ServerVersion;
  readonly pglogical?: true;
}

/** Primary, standby and target: for what reads. */
export const ALL = ['source', 'replica', 'target'] as const satisfies readonly Server[];

/** A trial of a statement that reads, and could on any server. */
export function reads(make: (version: ServerVersion) => Statement | null): Trial {
  return {
    on: ALL,
    make: ({version}) => {
      const statement = make(version);
      return statement === null ? [] : [statement];
    },
  };
}

/** A trial on the target, after what it needs. */
export function onTarget(make: (version: ServerVersion) => readonly Statement[], from?: ServerVersion): Trial {
  return {on: ['target'], make: ({version}) => make(version), ...(from === undefined ? {} : {from})};
}
