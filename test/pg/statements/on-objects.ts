import {readBootstrapRole} from '../../../src/pg/objects/bootstrap-role.ts';
import {readOfGoneRoles} from '../../../src/pg/roles/gone-roles.ts';
import {readColumnFacts} from '../../../src/pg/objects/columns.ts';
import {
  commentOnLargeObject,
  giveLargeObject,
  readCommentsOnObjects,
  readLargeObjectComments,
  readLargeObjectOwners,
  readLargeObjects,
} from '../../../src/pg/objects/large-objects.ts';
import {readOperatorFacts} from '../../../src/pg/objects/operators.ts';
import {readOtherFacts} from '../../../src/pg/objects/others.ts';
import {rehearsePart} from '../../../src/pg/objects/rehearse.ts';
import {readRelationFacts} from '../../../src/pg/objects/relations.ts';
import {readRoutineFacts} from '../../../src/pg/objects/routines.ts';
import {readSequenceCaches} from '../../../src/pg/objects/sequence-caches.ts';
import {readTypeFacts} from '../../../src/pg/objects/types.ts';
import {
  catalogsOfObjects,
  catalogsOfParts,
  countOwned,
  EVERY_OID,
  readCatalogCounters,
  readHorizon,
  readOidsOf,
  readTouched,
  watchedCatalogs,
} from '../../../src/pg/objects/drift/catalogs.ts';
import {readFactsOf, readingsByCatalog} from '../../../src/pg/objects/drift/chosen-facts.ts';
import {readOidsNamed} from '../../../src/pg/objects/drift/named.ts';
import {maybe} from '../../../src/pg/session/versions.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Trial} from './trial.ts';

/** From here on a column may be generated. */
const GENERATED = 120_000;

function rehearsed(kind: string, part: string, name: string, value: string): Statement[] {
  const parts = {type: 'integer', [part]: value};
  const found = rehearsePart(part, {kind, name, schema: null, relation: null, parts, make: null});
  return found === null ? [] : [...found.statements, found.ask];
}

/** What compare-objects asks, and makes. */
export const ON_OBJECTS: Readonly<Record<string, Trial>> = {
  readBootstrapRole: reads(readBootstrapRole),
  readOfGoneRoles: reads(readOfGoneRoles),
  readColumnFacts: reads(readColumnFacts),
  readLargeObjectOwners: reads(readLargeObjectOwners),
  readLargeObjects: reads(() => readLargeObjects(10)),
  readLargeObjectComments: reads(() => readLargeObjectComments(10)),
  readCommentsOnObjects: reads(() => readCommentsOnObjects(['4711'])),
  readOperatorFacts: reads(readOperatorFacts),
  readOtherFacts: reads(readOtherFacts),
  readRelationFacts: reads(readRelationFacts),
  readRoutineFacts: reads(readRoutineFacts),
  readTypeFacts: reads(readTypeFacts),
  readCatalogCounters: reads(readCatalogCounters),
  readHorizon: reads(readHorizon),
  readOidsOf: {
    on: ['source', 'replica', 'target'],
    make: ({version}) => catalogsOfObjects(version).map((catalog) => readOidsOf(version, catalog)),
  },
  countOwned: {
    on: ['source', 'replica', 'target'],
    make: ({version}) => catalogsOfParts(version).map((catalog) => countOwned(version, catalog)),
  },
  // age() wants a transaction number, which a standby gives nobody.
  readTouched: {
    on: ['source', 'target'],
    make: ({version}) =>
      watchedCatalogs(version).map((catalog) => readTouched(version, catalog, {horizon: '3', range: EVERY_OID})),
  },
  readOidsNamed: reads(() => readOidsNamed(['public.events', 'public'])),
  readFactsOf: {
    on: ['source', 'replica', 'target'],
    make: ({version}) =>
      [...readingsByCatalog(version).keys()].map((catalog) => readFactsOf(version, catalog, ['1259', '16400'])),
  },
  // From 10 on a sequence has no such column.
  readSequenceCaches: {
    on: ['source', 'replica'],
    make: ({version}) =>
      maybe('extendedStatistics', version) === null ? [readSequenceCaches(['public.events_id_seq'])] : [],
  },
  rehearsePart: onTarget((version) => [
    sql('CREATE TABLE public.tried (id integer NOT NULL)'),
    ...rehearsed('column', 'default', 'public.tried.id', '(1 + 1)'),
    sql('DROP TABLE longhaul_as_here'),
    ...rehearsed('view', 'definition', 'public.seen', 'SELECT 1 AS a'),
    sql('DROP VIEW longhaul_as_here'),
    ...rehearsed('domain', 'default', 'public.some', '7'),
    sql('DROP DOMAIN pg_temp.longhaul_as_here'),
    ...rehearsed('domain constraint', 'definition', 'some ON public.some', 'CHECK ((VALUE > 0))'),
    sql('DROP DOMAIN pg_temp.longhaul_as_here'),
    sql('CREATE TABLE public.made (id integer, twice integer)'),
    ...rehearsed('policy', 'using', 'own ON public.made', '(id > 0)'),
    sql('DROP TABLE longhaul_as_here'),
    ...rehearsed(
      'rule',
      'definition',
      'kept ON public.made',
      'CREATE RULE kept AS ON DELETE TO public.made DO INSTEAD NOTHING',
    ),
    ...(version < GENERATED ? [] : rehearsed('column', 'generated', 'public.made.twice', 's (id * 2)')),
  ]),
  giveLargeObject: onTarget(() => [sql('SELECT lo_create(4711)'), giveLargeObject('4711', 'longhaul')]),
  commentOnLargeObject: onTarget(() => [sql('SELECT lo_create(4712)'), commentOnLargeObject('4712', "it's a file")]),
};
