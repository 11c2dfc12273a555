/** Whether the role that asks is of every role that has a session in this database. A sender of WAL is no client, and superusers' are seen by superusers alone. */
const OF_ALL_ROLES = `NOT EXISTS (SELECT FROM pg_stat_activity a JOIN pg_roles o ON o.oid = a.usesysid
                        WHERE a.datname = current_database() AND NOT o.rolsuper AND NOT pg_has_role(o.oid, 'USAGE')
                          AND NOT EXISTS (SELECT FROM pg_stat_replication s WHERE s.pid = a.pid))`;

/**
 * What reading the objects of a database wants to know of its release: the part of the table in versions.ts that src/pg/objects and src/pg/compare use. `null` says
 * that such a server has nothing of the kind. Columns that came later and are read seldom are asked of the row as JSON instead, which has them or not.
 */
export const OBJECT_DIFFERENCES = {
  /** Of the setting `n.name`: before 15 nobody can be let have one. */
  maySetParameter: {90400: 'false', 150000: "has_parameter_privilege(n.name, 'SET')"},
  /** Rights on what every server has of its own, given or taken since initdb to or from others than the role that asks: from 9.6 on, pg_dump carries them. */
  systemPrivileges: {
    90400: 'SELECT NULL::text, NULL::text WHERE false',
    90600: `SELECT 'system privileges', s.name FROM (
        SELECT 'pg_proc'::regclass AS catalog, p.oid, 'f'::"char" AS kind, p.pronamespace AS namespace, p.proowner AS owner, p.proacl AS acl, 'on function ' || p.oid::regprocedure AS name FROM pg_proc p
        UNION ALL SELECT 'pg_class'::regclass, c.oid, 'r', c.relnamespace, c.relowner, c.relacl, 'on ' || c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'v')
        UNION ALL SELECT 'pg_type'::regclass, t.oid, 'T', t.typnamespace, t.typowner, t.typacl, 'on type ' || t.oid::regtype FROM pg_type t) s
      JOIN pg_namespace n ON n.oid = s.namespace AND n.nspname IN ('pg_catalog', 'information_schema')
      LEFT JOIN pg_init_privs i ON i.classoid = s.catalog AND i.objoid = s.oid AND i.objsubid = 0
     WHERE s.acl IS DISTINCT FROM i.initprivs AND EXISTS (
             SELECT FROM ((SELECT * FROM aclexplode(coalesce(s.acl, acldefault(s.kind, s.owner))) EXCEPT SELECT * FROM aclexplode(coalesce(i.initprivs, acldefault(s.kind, s.owner))))
               UNION ALL (SELECT * FROM aclexplode(coalesce(i.initprivs, acldefault(s.kind, s.owner))) EXCEPT SELECT * FROM aclexplode(coalesce(s.acl, acldefault(s.kind, s.owner))))) AS other
              WHERE other.grantee <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user))
    UNION ALL
    SELECT 'system privileges', 'on column ' || a.attname || ' of ' || a.attrelid::regclass
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('pg_catalog', 'information_schema')
      LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum
     WHERE a.attacl IS NOT NULL AND a.attacl IS DISTINCT FROM i.initprivs`,
  },
  /** Rights to set parameters came with 15; of the role that asks, and of the first superuser, they are not of interest. */
  parameterPrivileges: {
    90400: 'SELECT NULL::text, NULL::text WHERE false',
    150000: `SELECT 'setting privileges', p.parname FROM pg_parameter_acl p
     WHERE EXISTS (SELECT FROM aclexplode(p.paracl) x WHERE x.grantee NOT IN (10, (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)))`,
  },
  /** A psql that says how many rows its own COPY carried. */
  countsRowsOfCopy: {90400: null, 120000: 'ROW_COUNT'},
  extendedHashes: {90400: null, 110000: 'hashtextextended'},
  /** Whether `a` of pg_stat_activity is a client's: before 10 a background worker has no port, and a sender of WAL is told by its view. */
  isClient: {
    90400: 'a.client_port IS NOT NULL AND NOT EXISTS (SELECT FROM pg_stat_replication r WHERE r.pid = a.pid)',
    100000: "a.backend_type = 'client backend'",
  },
  /** Before 10 only a role's members, and superusers, see what its sessions are. */
  seesClients: {90400: OF_ALL_ROLES, 100000: "pg_has_role('pg_read_all_stats', 'USAGE')"},
  endsClients: {90400: OF_ALL_ROLES, 90600: "pg_has_role('pg_signal_backend', 'USAGE')"},
  /** A float is written by the shortest text that is read back as it. */
  shortestFloats: {90400: null, 120000: 'extra_float_digits'},
  gatherLimit: {90400: null, 90600: 'max_parallel_workers_per_gather'},
  columnIdentity: {90400: 'NULL::text', 100000: "NULLIF(a.attidentity::text, '')"},
  columnGenerated: {90400: 'NULL::text', 120000: "NULLIF(a.attgenerated::text, '')"},
  columnCompression: {90400: 'NULL::text', 140000: "NULLIF(a.attcompression::text, '')"},
  partitionBound: {90400: 'NULL::text', 100000: 'pg_get_expr(c.relpartbound, c.oid)'},
  partitionKey: {90400: 'NULL::text', 100000: "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END"},
  /** Before 12 there is only heap; a partitioned table has none unless it was given one. */
  tableAccessMethod: {
    90400: "CASE WHEN c.relkind = 'r' THEN 'heap' END",
    120000: '(SELECT m.amname::text FROM pg_am m WHERE m.oid = c.relam)',
  },
  /** What a sequence was made with. Before 10 that is in the sequence itself, which wants a right to it; its cache is told by nothing else. */
  sequenceParts: {
    90400: `SELECT 'bigint'::text AS type, p.start_value AS start, p.increment, p.minimum_value AS minimum, p.maximum_value AS maximum,
              NULL::bigint AS cache,
              p.cycle_option AS cycle
         FROM pg_sequence_parameters(CASE WHEN c.relkind = 'S' THEN CASE WHEN has_sequence_privilege(c.oid, 'SELECT') THEN c.oid END END) p
        WHERE CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT') ELSE false END`,
    100000: `SELECT format_type(q.seqtypid, NULL) AS type, q.seqstart AS start, q.seqincrement AS increment, q.seqmin AS minimum, q.seqmax AS maximum,
              q.seqcache AS cache, q.seqcycle AS cycle
         FROM pg_sequence q WHERE q.seqrelid = c.oid`,
  },
  routineKind: {
    90400: "CASE WHEN p.proisagg THEN 'aggregate' ELSE 'function' END",
    110000: "CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END",
  },
  routineBody: {90400: 'p.prosrc', 140000: 'coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)'},
  /** Row security came with 9.5, and so did transforms. */
  policies: {90400: null, 90500: 'pg_policy'},
  transforms: {90400: null, 90500: 'pg_transform'},
  /** Extended statistics came with 10. */
  extendedStatistics: {90400: null, 100000: 'pg_statistic_ext'},
  publicationNames: {
    90400: 'SELECT NULL::text, NULL::text WHERE false',
    100000: "SELECT 'publication', p.pubname::text FROM pg_publication p",
  },
  subscriptionNames: {
    90400: 'SELECT NULL::text, NULL::text WHERE false',
    100000:
      "SELECT 'subscription', s.subname::text FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()",
  },
  publications: {90400: null, 100000: 'pg_publication'},
  /** What of tables a publication `b` names. From 15 on some columns and rows of one, and whole schemas. */
  publishedTables: {
    90400: 'NULL::text',
    100000: `(SELECT 'TABLE ' || string_agg('ONLY ' || r.prrelid::regclass, ', ' ORDER BY r.prrelid::regclass::text COLLATE "C") FROM pg_publication_rel r WHERE r.prpubid = b.oid)`,
    150000: `NULLIF(concat_ws(', ',
        (SELECT 'TABLE ' || string_agg(format('ONLY %s%s%s', r.prrelid::regclass,
                  ' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')',
                  ' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')'), ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
           FROM pg_publication_rel r WHERE r.prpubid = b.oid),
        (SELECT 'TABLES IN SCHEMA ' || string_agg(quote_ident(m.nspname), ', ' ORDER BY m.nspname COLLATE "C")
           FROM pg_publication_namespace s JOIN pg_namespace m ON m.oid = s.pnnspid WHERE s.pnpubid = b.oid)), '')`,
  },
} as const satisfies Record<string, Record<number, string | null>>;
