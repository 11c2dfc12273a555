/** The child tools, by absolute path, with the version they print. */
export interface Tools {
  readonly pgDump: Tool;
  readonly pgRestore: Tool;
  readonly psql: Tool;
  /** What limits how much a lane carries; null where this machine has none that can be told another rate while it runs. */
  readonly pv: Pv | null;
}

/** pv, by absolute path, with the version that it prints. */
export interface Pv {
  readonly path: string;
  readonly version: string;
}

/** Why the lanes' rate can be neither limited nor changed; null where it can. Pure. */
export function whyNoRate({pv}: Pick<Tools, 'pv'>): string | null {
  return pv === null
    ? 'pv is not installed where the lanes run: apt-get install pv, then start the supervisor again'
    : null;
}

/**
 * Whether what a lane was allowed and did not use is saved up without end: after a pause, or a change to a lower rate, it is faster than its share until
 * that is used up. From 1.7.0 on it is at most five seconds' worth. Pure.
 * Source: https://github.com/a-j-wood/pv/pull/62 (burst rate limit), src/pv/loop.c of 1.6.20
 */
export function savesUp({version}: Pv): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first === 0 || (first === 1 && second < 7);
}

/** One child tool: `{path: '/usr/lib/postgresql/15/bin/psql', version: 150020}`. */
export interface Tool {
  readonly path: string;
  /** As server_version_num counts. */
  readonly version: number;
}

/** For what runs none of them, and must work where they are gone: an abort, a note in the journal. */
export const NO_TOOLS: Tools = {
  pgDump: {path: 'pg_dump', version: 0},
  pgRestore: {path: 'pg_restore', version: 0},
  psql: {path: 'psql', version: 0},
  pv: null,
};
