import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {reconnectSubscription} from '../../../../pg/capture/subscriptions.ts';
import type {Action} from '../../../action.ts';
import {showStatement} from '../../../make-action.ts';
import type {StepContext} from '../../../step.ts';
import {runHushed} from '../../run-hushed.ts';
import {reverseDsn, subscriptionDsn} from '../subscription-dsn.ts';

/** Has the subscription reach the source as longhaul.yaml and its passwords are now: they may be others than when it was made. */
export function reconnecting(ctx: StepContext, slot: string): Action {
  const way = ctx.isBack ? reverseDsn(ctx.config) : subscriptionDsn(ctx.config);
  const statement = reconnectSubscription(slot, way);
  return {
    on: 'target',
    text: showStatement(statement),
    execute: async () =>
      runHushed(await ctx.session('target'), statement, (error) => {
        if (!(error instanceof LonghaulError) || error.code !== 'failed') return error;
        return new LonghaulError({
          code: 'failed',
          message: error.message,
          remedy: `the target's server must reach the source as ${way.shownDsn}; see pg_hba.conf there`,
          cause: error,
        });
      }),
  };
}
