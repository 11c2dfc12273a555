import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {readUnfinished, type UnfinishedRow} from '../../../pg/cutover/rehearsal/unfinished.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {WRITABLE} from './writable.ts';

const {blocker, warning, note} = found('cutover', 'target');

/** What of the target is there by its name, and does not do yet what it is for. */
export async function readUnfinishedFindings(ctx: StepContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  return judgeUnfinished(await target.run(readUnfinished()), await source.run(readUnfinished()));
}

/** What is unfinished on the source as well is as it was. Pure. */
export function judgeUnfinished(target: readonly UnfinishedRow[], source: readonly UnfinishedRow[]): Finding[] {
  const known = new Set(source.map((one) => keyOf(one)));
  const own = target.filter((one) => !known.has(keyOf(one)));
  const indexes = own.filter(({kind}) => kind === 'index');
  const keys = own.filter(({type}) => type === 'f');
  const checks = own.filter(({type}) => type === 'c');
  return [
    ...indexes.map((one) =>
      blocker(
        'invalid-index',
        `index ${formatRelation(one)} is invalid: no query uses it, and what it is to forbid may be there`,
        `on the target, beside everybody: ${WRITABLE}REINDEX INDEX CONCURRENTLY ${quoteRelation(one)}`,
      ),
    ),
    ...checks.map((one) =>
      warning(
        'not-valid',
        `constraint ${one.name} of ${one.schema}.${one.table} is NOT VALID, and is valid on the source`,
        `on the target, beside everybody: ${WRITABLE}ALTER TABLE ${quoteRelation({schema: one.schema, name: one.table})} VALIDATE CONSTRAINT ${quoteIdentifier(one.name)}`,
      ),
    ),
    ...(keys.length === 0
      ? []
      : [
          note(
            'keys-not-valid',
            `${keys.length === 1 ? '1 foreign key is' : `${keys.length} foreign keys are`} NOT VALID, as long as changes are applied slot by slot: validate-constraints reads the rows after the hand-over: ${listed(keys.map(({name}) => name))}`,
          ),
        ]),
  ];
}

function keyOf(one: UnfinishedRow): string {
  return `${one.kind} ${quoteRelation({...one, name: one.table})} ${one.name}`;
}
