/** What each COPY of this database has done, by its table. */
export const COPY_PROGRESS = `SELECT 'COPY ' || p.relid::regclass || ': ' || p.tuples_processed || ' rows' AS what, p.relid::regclass::text AS relation,
        p.tuples_processed AS rows, a.application_name AS application, NULL::text AS phase, NULL::bigint AS "blocksDone",
        NULL::bigint AS "blocksTotal", NULL::bigint AS "tuplesDone", NULL::bigint AS "tuplesTotal"
       FROM pg_stat_progress_copy p JOIN pg_stat_activity a USING (pid) WHERE p.datname = current_database()`;

/** What each index build of this database has done, with its phase. */
export const INDEX_PROGRESS = `SELECT 'index on ' || p.relid::regclass || ': ' || p.phase
          || CASE WHEN p.blocks_total > 0 THEN ' ' || 100 * p.blocks_done / p.blocks_total || ' %' ELSE '' END AS what,
        NULL::text AS relation, NULL::bigint AS rows, a.application_name AS application,
        regexp_replace(p.phase, '^building index: ', '') AS phase, p.blocks_done AS "blocksDone", p.blocks_total AS "blocksTotal",
        p.tuples_done AS "tuplesDone", p.tuples_total AS "tuplesTotal"
       FROM pg_stat_progress_create_index p JOIN pg_stat_activity a USING (pid) WHERE p.datname = current_database()`;

/** How many background workers there are: everything that is no worker has one of these types. */
export const WORKERS_IN_USE = `(SELECT count(*) FROM pg_stat_activity WHERE backend_type NOT IN ('client backend', 'walsender', 'walreceiver', 'walwriter',
             'autovacuum launcher', 'autovacuum worker', 'background writer', 'checkpointer', 'startup', 'archiver', 'logger',
             'walsummarizer', 'slotsync worker', 'io worker'))::int`;

/** The bytes of the WAL folder, from its list of files. */
export const WAL_DIRECTORY_BYTES_BEFORE_10 = `(SELECT count(*) * (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size')
      * (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_block_size')
      FROM pg_ls_dir('pg_xlog') AS f(name) WHERE f.name ~ '^[0-9A-F]{24}$')`;
