import {createHash} from 'node:crypto';
import {addInterface, readProviderInterfaces, takeInterface} from '../../../pg/capture/pglogical.ts';
import type {Action} from '../../action.ts';
import {showStatement, statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {reverseDsn, subscriptionDsn} from '../native/subscription-dsn.ts';
import {runHushed} from '../run-hushed.ts';
import {withoutPasswords} from './pglogical-dsn.ts';

/** Has the subscription reach the source as longhaul.yaml and its passwords are now; nothing where it does so already. An interface cannot be altered, and one in use not be dropped: a new one is added. */
export async function planReconnect(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const way = ctx.isBack ? reverseDsn(ctx.config) : subscriptionDsn(ctx.config);
  const target = await ctx.session('target');
  const known = await target.run(readProviderInterfaces(slot, createHash('md5').update(way.dsn).digest('hex')));
  const same = known.find(({isSame}) => isSame);
  const [first] = known;
  if (first === undefined || same?.isUsed === true) return [];
  const name = same?.name ?? `longhaul_${known.length + 1}`;
  const add = addInterface({node: first.node, name}, way);
  const adding: Action = {
    on: 'target',
    text: showStatement(add),
    execute: async () =>
      runHushed(await ctx.session('target'), add, (error) =>
        withoutPasswords(
          error,
          ctx.config,
          `the target's server must reach the source as ${way.shownDsn}; see pg_hba.conf there`,
        ),
      ),
  };
  const taking = statementAction(takeInterface(slot, name), {on: 'target', session: async () => ctx.session('target')});
  return [...(same === undefined ? [adding] : []), taking];
}
