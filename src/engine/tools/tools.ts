/** The child tools, by absolute path, with the version they print. */
export interface Tools {
  readonly pgDump: Tool;
  readonly pgRestore: Tool;
  readonly psql: Tool;
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
};
