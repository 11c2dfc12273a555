import type {ReadingBody} from '../../domain/reading/reading.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';

/** Reads one thing, again and again. */
export interface Probe {
  /** As the failed reading names it: `slots`, `wal:source`. Begins with the name of its reading. */
  readonly name: string;
  readonly everyMs: number;
  /**
   * Set where the cost grows with the server: files of pg_wal, relations of a database. Such a probe is asked so seldom that
   * it never takes more than this share of its server's time.
   */
  readonly atMostShare?: number;
  /** While it is true, the probe is asked four times a second: somebody waits for what it tells. */
  readonly hurries?: () => boolean;
  /** Reads once. Throws a LonghaulError when it cannot. */
  read(): Promise<ReadingBody>;
}

/** A probe that asks a server. */
export interface ServerProbe extends Omit<Probe, 'read'> {
  readonly server: ServerRole;
  read(session: Session): Promise<ReadingBody>;
}
