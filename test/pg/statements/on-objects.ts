import {readBootstrapRole} from '../../../src/pg/objects/bootstrap-role.ts';
import {readColumnFacts} from '../../../src/pg/objects/columns.ts';
import {giveLargeObject, readLargeObjectOwners, readLargeObjects} from '../../../src/pg/objects/large-objects.ts';
import {readOperatorFacts} from '../../../src/pg/objects/operators.ts';
import {readOtherFacts} from '../../../src/pg/objects/others.ts';
import {rehearsePart} from '../../../src/pg/objects/rehearse.ts';
import {readRelationFacts} from '../../../src/pg/objects/relations.ts';
import {readRoutineFacts} from '../../../src/pg/objects/routines.ts';
import {readSequenceCaches} from '../../../src/pg/objects/sequence-caches.ts';
import {readTypeFacts} from '../../../src/pg/objects/types.ts';
import {maybe} from '../../../src/pg/session/versions.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Trial} from './trial.ts';

function rehearsed(kind: string, part: string, name: string, value: string): Statement[] {
  const found = rehearsePart(part, {kind, name, schema: null, relation: null, parts: {[part]: value}, make: null});
  return found === null ? [] : [...found.statements, found.ask];
}

/** What compare-objects asks, and makes. */
export const ON_OBJECTS: Readonly<Record<string, Trial>> = {
  readBootstrapRole: reads(readBootstrapRole),
  readColumnFacts: reads(readColumnFacts),
  readLargeObjectOwners: reads(readLargeObjectOwners),
  readLargeObjects: reads(() => readLargeObjects(10)),
  readOperatorFacts: reads(readOperatorFacts),
  readOtherFacts: reads(readOtherFacts),
  readRelationFacts: reads(readRelationFacts),
  readRoutineFacts: reads(readRoutineFacts),
  readTypeFacts: reads(readTypeFacts),
  // From 10 on a sequence has no such column.
  readSequenceCaches: {
    on: ['source', 'replica'],
    make: ({version}) =>
      maybe('extendedStatistics', version) === null ? [readSequenceCaches(['public.events_id_seq'])] : [],
  },
  rehearsePart: onTarget(() => [
    sql('CREATE TABLE public.tried (id integer NOT NULL)'),
    ...rehearsed('column', 'default', 'public.tried.id', '(1 + 1)'),
  ]),
  giveLargeObject: onTarget(() => [sql('SELECT lo_create(4711)'), giveLargeObject('4711', 'longhaul')]),
};
