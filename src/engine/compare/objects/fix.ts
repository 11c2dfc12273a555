import {printable} from '../../../domain/base/printable.ts';
import {sql} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {attempt} from '../../schema/copy/attempts.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import type {ObjectDifference} from './object-difference.ts';

/** What would be made on the target, in order: what is missing there, and nothing that drops, takes or replaces. */
export function planFix(ctx: StepContext, differences: readonly ObjectDifference[]): Action[] {
  return makeable(differences).map(({statement}) =>
    statementAction(sql(statement ?? ''), {on: 'target', session: async () => ctx.session('target')}),
  );
}

/** Makes it, and gives what the server refused, in words. One refusal keeps nothing else from being made. */
export async function makeMissing(ctx: StepContext, differences: readonly ObjectDifference[]): Promise<string[]> {
  const refused = new Map();
  for (const {object, statement} of makeable(differences))
    await attempt(
      await ctx.session('target'),
      {object, statements: [sql(statement ?? '')]},
      {refused, accepted: new Set()},
    );
  return [...refused].map(([object, {words}]) => printable(`refused   ${object}: ${words}`));
}

function makeable(differences: readonly ObjectDifference[]): ObjectDifference[] {
  return differences.filter(({statement, creates}) => creates && statement !== null);
}
