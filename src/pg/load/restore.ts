import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {CheckRow, TableMarkRow} from '../catalog/checks.ts';
import type {CommentRow, ForeignKeyRow, IndexRow, TriggerRow} from '../catalog/indexes.ts';
import {sql, type Statement} from '../session/statement.ts';

// Definitions come from pg_get_indexdef() and its kin with an empty search_path: complete statements with every name qualified and quoted.

function tableOf({schema, table}: {readonly schema: string; readonly table: string}): string {
  return quoteRelation({schema, name: table});
}

/** Builds an index, or the data-less index of a partitioned table (`ON ONLY`). */
export function createIndex(index: IndexRow): Statement {
  return sql(index.definition);
}

/** Makes a constraint of an index that is there: no second build, a short lock. Not for exclusion constraints and partitioned tables. */
export function addConstraintUsingIndex(index: IndexRow): Statement {
  const kind = index.constraintType === 'p' ? 'PRIMARY KEY' : 'UNIQUE';
  const deferral = index.deferrable ? ` DEFERRABLE INITIALLY ${index.deferred ? 'DEFERRED' : 'IMMEDIATE'}` : '';
  return sql(
    `ALTER TABLE ONLY ${tableOf(index)} ADD CONSTRAINT ${quoteIdentifier(index.constraintName ?? index.name)}` +
      ` ${kind} USING INDEX ${quoteIdentifier(index.name)}${deferral}`,
  );
}

/** Adds a constraint with the index that it makes. */
export function addIndexConstraint(index: IndexRow): Statement {
  return sql(
    `ALTER TABLE ONLY ${tableOf(index)} ADD CONSTRAINT ${quoteIdentifier(index.constraintName ?? index.name)} ${index.constraintDefinition ?? ''}`,
  );
}

/** Attaches a partition's index to that of its parent. Repeating it changes nothing. */
export function attachIndex(index: IndexRow): Statement {
  const parent = {schema: index.parentSchema ?? '', name: index.parentName ?? ''};
  return sql(
    `ALTER INDEX ${quoteRelation(parent)} ATTACH PARTITION ${quoteRelation({schema: index.schema, name: index.name})}`,
  );
}

/** Says that updates and deletes name their row by this index in the WAL. */
export function identifyRowsBy(index: IndexRow): Statement {
  return sql(`ALTER TABLE ONLY ${tableOf(index)} REPLICA IDENTITY USING INDEX ${quoteIdentifier(index.name)}`);
}

/** Marks the index by which CLUSTER orders the table. */
export function clusterOn(index: IndexRow): Statement {
  return sql(`ALTER TABLE ${tableOf(index)} CLUSTER ON ${quoteIdentifier(index.name)}`);
}

/** Takes the mark of CLUSTER off the table. */
export function clusterOff(table: RelationName): Statement {
  return sql(`ALTER TABLE ${quoteRelation(table)} SET WITHOUT CLUSTER`);
}

const IDENTITIES: Readonly<Record<TableMarkRow['replicaIdentity'], string>> = {
  d: 'DEFAULT',
  f: 'FULL',
  n: 'NOTHING',
  i: 'DEFAULT',
};

/** What the table says of its rows in the WAL, where no index is named for it. */
export function setReplicaIdentity({schema, table, replicaIdentity}: TableMarkRow): Statement {
  return sql(`ALTER TABLE ONLY ${tableOf({schema, table})} REPLICA IDENTITY ${IDENTITIES[replicaIdentity]}`);
}

/** The statistics target of an expression of the index; columns of an index go by number. */
export function setIndexStatistics(index: IndexRow, {column, target}: IndexRow['statistics'][number]): Statement {
  const name = quoteRelation({schema: index.schema, name: index.name});
  return sql(`ALTER INDEX ${name} ALTER COLUMN ${column} SET STATISTICS ${target}`);
}

/** Drops an index that no constraint owns, with those attached to it. */
export function dropIndex(index: IndexRow): Statement {
  return sql(`DROP INDEX ${quoteRelation({schema: index.schema, name: index.name})}`);
}

/** Drops a constraint and the index that it owns. */
export function dropConstraint(at: {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}): Statement {
  return sql(`ALTER TABLE ${tableOf(at)} DROP CONSTRAINT ${quoteIdentifier(at.name)}`);
}

/**
 * Adds a foreign key without looking at the rows: a short lock on both tables. On a partitioned table it is validated at once, since
 * NOT VALID does not exist there before 18.
 */
export function addForeignKey(key: ForeignKeyRow): Statement {
  const notValid = key.partitioned || !key.validated ? '' : ' NOT VALID';
  const only = key.partitioned ? '' : 'ONLY ';
  return sql(
    `ALTER TABLE ${only}${tableOf(key)} ADD CONSTRAINT ${quoteIdentifier(key.name)} ${key.definition}${notValid}`,
  );
}

/** Adds a check constraint as it was: NOT VALID where its definition says so. Children get it as well. */
export function addCheck(check: CheckRow): Statement {
  return sql(`ALTER TABLE ${tableOf(check)} ADD CONSTRAINT ${quoteIdentifier(check.name)} ${check.definition}`);
}

/** Checks the rows of a foreign key or check that was added without; readers and writers go on. */
export function validateConstraint(of: {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}): Statement {
  return sql(`ALTER TABLE ${tableOf(of)} VALIDATE CONSTRAINT ${quoteIdentifier(of.name)}`);
}

/** Creates a trigger; it fires at origin until told otherwise. */
export function createTrigger(trigger: TriggerRow): Statement {
  return sql(trigger.definition);
}

const ENABLING: Readonly<Record<string, string>> = {
  O: 'ENABLE TRIGGER',
  D: 'DISABLE TRIGGER',
  R: 'ENABLE REPLICA TRIGGER',
  A: 'ENABLE ALWAYS TRIGGER',
};

/** Sets when a trigger fires, as it was; those that partitions have from it keep what they have. */
export function setTriggerEnabled(trigger: TriggerRow): Statement {
  return sql(
    `ALTER TABLE ONLY ${tableOf(trigger)} ${ENABLING[trigger.enabled] ?? ''} ${quoteIdentifier(trigger.name)}`,
  );
}

/** Comments on an index, constraint or trigger. */
export function commentOn({kind, schema, table, name, text}: CommentRow): Statement {
  const object =
    kind === 'INDEX' ? quoteRelation({schema, name}) : `${quoteIdentifier(name)} ON ${tableOf({schema, table})}`;
  return sql(`COMMENT ON ${kind} ${object} IS ${quoteLiteral(text).trimStart()}`);
}

/** Drops a trigger. */
export function dropTrigger(trigger: TriggerRow): Statement {
  return sql(`DROP TRIGGER ${quoteIdentifier(trigger.name)} ON ${tableOf(trigger)}`);
}

/** Memory for the index builds of this session: `1GB`. */
export function setMaintenanceWorkMem(value: string): Statement {
  return sql(`SELECT set_config('maintenance_work_mem', $1, false)`, [value]);
}

/** How many workers a build of this session may have beside itself (11+); null is what the server has for everybody. */
export function setMaintenanceWorkers(workers: number | null): Statement {
  if (workers === null) return sql('RESET max_parallel_maintenance_workers');
  return sql(`SELECT set_config('max_parallel_maintenance_workers', $1, false)`, [String(workers)]);
}

/**
 * Gives the session the search_path that role and database have by now, for functions that were written for it: copy-globals may have set it after the
 * session began. Source: src/backend/utils/init/postinit.c, process_settings().
 */
export function findOwnPath(): Statement {
  return sql(`
    SELECT pg_catalog.set_config('search_path', coalesce(
             (SELECT pg_catalog.substr(one, 13)
                FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS one
               WHERE one LIKE 'search|_path=%' ESCAPE '|' AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
                 AND s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
               ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1),
             (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path')), false)`);
}

/** Gives the session its empty search_path again. */
export function forgetPath(): Statement {
  return sql(`SELECT pg_catalog.set_config('search_path', '', false)`);
}

/** Statistics for the planner, which a load does not bring. */
export function analyzeTable(table: RelationName): Statement {
  return sql(`ANALYZE ${quoteRelation(table)}`);
}

/** Those of the tables that were analyzed, and not changed since. Not asked of pg_stat_all_tables, a view that groups all tables of the database before it is joined to a few. */
export function readAnalyzed(tables: readonly RelationName[]): Statement<RelationName> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name"
      FROM unnest($1::text[], $2::text[]) AS w(schema, name)
      JOIN pg_namespace n ON n.nspname = w.schema
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
     WHERE pg_stat_get_mod_since_analyze(c.oid) = 0
       AND (pg_stat_get_last_analyze_time(c.oid) IS NOT NULL OR pg_stat_get_last_autoanalyze_time(c.oid) IS NOT NULL)`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}
