import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {columnReading} from '../columns.ts';
import {factsOf, type Fact, type Reading} from '../fact.ts';
import {OPERATOR_READINGS} from '../operators.ts';
import {otherReadings} from '../others.ts';
import {relationReadings} from '../relations.ts';
import {routineReading} from '../routines.ts';
import {TYPE_READINGS} from '../types.ts';
import {driftReadings} from './on-tables.ts';

/** A fact of an object that was chosen by its oid. */
export interface ChosenFact extends Fact {
  readonly catalog: string;
  /** The oid of what it is, is on or belongs to, in the catalog that was asked. */
  readonly oid: string;
  /** What it is known again by when it is renamed, within its kind; null for what has only its name. */
  readonly id: string | null;
  /** Whether it is made, called and dropped with the parent's own. */
  readonly inherited: boolean;
}

/** How everything that a database has is read, by the catalog of what it belongs to. Pure. */
export function readingsByCatalog(version: ServerVersion): ReadonlyMap<string, readonly Reading[]> {
  const all = [
    ...relationReadings(version),
    columnReading(version),
    routineReading(version),
    ...TYPE_READINGS,
    ...OPERATOR_READINGS,
    ...otherReadings(version),
    ...driftReadings(),
  ];
  return Map.groupBy(all, ({object: [catalog]}) => catalog);
}

/** Everything that is known of these objects of a catalog, and of what is on them. */
export function readFactsOf(version: ServerVersion, catalog: string, oids: readonly string[]): Statement<ChosenFact> {
  const readings = readingsByCatalog(version).get(catalog) ?? [];
  if (readings.length === 0) throw new Error(`bug: nothing is read of ${catalog}`);
  const selects = readings.map((reading) => {
    const [, oid] = reading.object;
    return factsOf(reading, {
      also: [
        `'${catalog}'::text AS "catalog"`,
        `(${oid})::text AS "oid"`,
        `(${reading.id ?? oid})::text AS "id"`,
        `(${reading.inherited ?? 'false'}) AS "inherited"`,
      ],
      condition: `${oid} = ANY ($1::text[]::oid[])`,
    });
  });
  return sql(selects.join('\n    UNION ALL'), [oids]);
}
