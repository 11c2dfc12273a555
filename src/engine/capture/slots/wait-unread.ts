import {readSlots} from '../../../pg/replication/slots.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Action} from '../../action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';

const LIMIT_MS = 30_000;
/** At the hand-over writers wait for it. */
const EVERY_MS = 25;

/**
 * Waits until nobody reads these slots: a walsender notices a moment later that its reader is gone, and until then its slot is taken. `orFail`: whether it is
 * an error that somebody still does, or what is to be done about it.
 */
export function waitUntilUnread(
  ctx: StepContext,
  slots: readonly string[],
  orFail: boolean | {readonly remedy: string},
  on: 'source' | 'target' = 'source',
): Action {
  return {
    on,
    text: '/* waits until nobody reads the slots, 30 s at most */ SELECT slot_name FROM pg_replication_slots WHERE active',
    execute: async () => {
      const unread = await waitUntil(
        ctx,
        LIMIT_MS,
        async () => {
          const server = await ctx.session(on);
          const read = await server.run(readSlots(server.version));
          return read.some(({name, active}) => active && slots.includes(name)) ? null : true;
        },
        EVERY_MS,
      );
      if (unread === null && orFail !== false)
        throw new LonghaulError({
          code: 'failed',
          message: `${slots.join(', ')}: still read after 30 s, though nobody is to read it`,
          remedy:
            orFail === true
              ? `see whose it is (pg_stat_replication on the ${on}), let it end, and give the command again`
              : orFail.remedy,
        });
    },
  };
}
