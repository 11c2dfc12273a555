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
