import {quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Where a sequence is; texts, because it may be beyond what a number of JavaScript holds. */
export interface SequencePosition extends RelationName {
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/** Where these sequences are. Asked of each itself: pg_sequences has null for one that was never used. At least one. */
export function readPositions(sequences: readonly RelationName[]): Statement<SequencePosition> {
  return sql(
    sequences
      .map(
        (one) =>
          `SELECT ${quoteLiteral(one.schema).trim()}::text AS "schema", ${quoteLiteral(one.name).trim()}::text AS "name", last_value::text AS "lastValue", is_called AS "isCalled" FROM ${quoteRelation(one)}`,
      )
      .join(' UNION ALL '),
  );
}

/** Sets these sequences to where the positions are. At least one. */
export function setPositions(positions: readonly SequencePosition[]): Statement {
  return sql(
    `SELECT ${positions.map((one) => `setval(${quoteLiteral(quoteRelation(one)).trim()}, ${one.lastValue}, ${one.isCalled})`).join(', ')}`,
  );
}

/** How a sequence goes on, and how far; texts, as its position. */
export interface SequenceSteps extends RelationName {
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cycles: boolean;
}

/** How these sequences go on. */
export function readSequenceSteps(
  version: ServerVersion,
  sequences: readonly RelationName[],
): Statement<SequenceSteps> {
  return sql(
    `SELECT n.nspname::text AS "schema", c.relname::text AS "name", q.increment::text AS "increment", q.minimum::text AS "minimum", q.maximum::text AS "maximum", q.cycle AS "cycles"
       FROM unnest($1::text[]) AS asked(name) JOIN pg_class c ON c.oid = asked.name::regclass JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL (${pick('sequenceParts', version)}) AS q`,
    [sequences.map((one) => quoteRelation(one))],
  );
}
