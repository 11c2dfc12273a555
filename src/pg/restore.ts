import {quoteIdentifier, quoteLiteral} from '../domain/identifier.ts';
import {quoteRelation, type RelationName} from '../domain/relation.ts';
import type {CommentRow, ForeignKeyRow, IndexRow, TriggerRow} from './indexes.ts';
import {sql, type Statement} from './statement.ts';

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

/** How finely ANALYZE looks at an expression of the index; columns of an index go by number. */
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

/** Checks the rows of a foreign key that was added without; readers and writers go on. */
export function validateForeignKey(key: ForeignKeyRow): Statement {
  return sql(`ALTER TABLE ${tableOf(key)} VALIDATE CONSTRAINT ${quoteIdentifier(key.name)}`);
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

/** Sets when a trigger fires, as it was. */
export function setTriggerEnabled(trigger: TriggerRow): Statement {
  return sql(`ALTER TABLE ${tableOf(trigger)} ${ENABLING[trigger.enabled] ?? ''} ${quoteIdentifier(trigger.name)}`);
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

/** Statistics for the planner, which a load does not bring. */
export function analyzeTable(table: RelationName): Statement {
  return sql(`ANALYZE ${quoteRelation(table)}`);
}

/** The materialized views without rows to be asked for, in an order in which none is refreshed before one that it reads. */
export function readUnfilledViews(): Statement<RelationName> {
  return sql(`
    WITH RECURSIVE depth AS (
      SELECT c.oid, 0 AS level FROM pg_class c WHERE c.relkind = 'm'
      UNION
      SELECT r.ev_class, depth.level + 1
        FROM depth
        JOIN pg_depend d ON d.refobjid = depth.oid AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_rewrite'::regclass
        JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> depth.oid
       WHERE depth.level < 50)
    SELECT n.nspname::text AS "schema", c.relname::text AS "name"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN (SELECT oid, max(level) AS level FROM depth GROUP BY oid) d ON d.oid = c.oid
     WHERE c.relkind = 'm' AND NOT c.relispopulated AND n.nspname NOT IN ('pglogical', 'longhaul')
     ORDER BY d.level, n.nspname, c.relname`);
}

/** Fills a materialized view. */
export function refreshMaterializedView(view: RelationName): Statement {
  return sql(`REFRESH MATERIALIZED VIEW ${quoteRelation(view)}`);
}
