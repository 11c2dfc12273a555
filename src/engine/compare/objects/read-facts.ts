import type {Config} from '../../../config/config.ts';
import {readColumnFacts} from '../../../pg/objects/columns.ts';
import {UNKNOWN, type Fact} from '../../../pg/objects/fact.ts';
import {readOperatorFacts} from '../../../pg/objects/operators.ts';
import {readOtherFacts} from '../../../pg/objects/others.ts';
import {readRelationFacts} from '../../../pg/objects/relations.ts';
import {readRoutineFacts} from '../../../pg/objects/routines.ts';
import {readSequenceCaches} from '../../../pg/objects/sequence-caches.ts';
import {readTypeFacts} from '../../../pg/objects/types.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';

/** The statements that read what is compared of a database. Pure. */
export function readsOf(version: ServerVersion): Statement<Fact>[] {
  return [
    readRelationFacts(version),
    readColumnFacts(version),
    readRoutineFacts(version),
    readTypeFacts(),
    readOperatorFacts(),
    readOtherFacts(version),
  ];
}

/** The objects of a database, by whether `tables` of longhaul.yaml wants them. */
export interface Facts {
  readonly moved: readonly Fact[];
  readonly left: readonly Fact[];
}

/** Reads every object of a database in a few statements over its catalogs. */
export async function readFacts(session: Session, tables: Config['tables'], timeoutMs: number): Promise<Facts> {
  const moved: Fact[] = [];
  const left: Fact[] = [];
  for (const statement of readsOf(session.version))
    for (const fact of await session.run(statement, {timeoutMs}))
      (isOfMove(fact, tables) ? moved : left).push(normalised(fact));
  return {moved: await withCaches(session, moved, timeoutMs), left};
}

/** More than these in one statement would take too many locks. */
const AT_ONCE = 500;

/** What only the sequences themselves know, of a server before 10, where this role may read them. */
async function withCaches(session: Session, facts: readonly Fact[], timeoutMs: number): Promise<Fact[]> {
  const asked = facts.filter(
    ({kind, parts}) => kind === 'sequence' && parts['cache'] === UNKNOWN && parts['start'] !== UNKNOWN,
  );
  const caches = new Map<string, string>();
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const some = asked.slice(at, at + AT_ONCE).map(({name}) => name);
    for (const {name, cache} of await session.run(readSequenceCaches(some), {timeoutMs})) caches.set(name, cache);
  }
  return facts.map((fact) => {
    const cache = fact.kind === 'sequence' ? caches.get(fact.name) : undefined;
    return cache === undefined ? fact : {...fact, parts: {...fact.parts, cache}};
  });
}

/** Without a schema it belongs to the database, and comes along. */
function isOfMove({kind, schema, relation, name}: Fact, tables: Config['tables']): boolean {
  if (schema === null || (kind === 'schema' && name === 'public')) return true;
  return relation === null ? isSchemaWanted(schema, tables) : isWanted({schema, name: relation}, tables);
}

/** Releases write the same in other words: from 14 on the arguments of a procedure say IN. */
function normalised(fact: Fact): Fact {
  const {arguments: list, ...parts} = fact.parts;
  if (typeof list !== 'string' || fact.kind !== 'procedure') return fact;
  return {...fact, parts: {...parts, arguments: list.replaceAll(/(^|, )IN /g, '$1')}};
}
