import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {printable} from '../../../../domain/base/printable.ts';
import {formatDuration} from '../../../../domain/base/units.ts';
import {backObject} from '../../../../domain/run/back/claimed-back.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readSlotBlockers, type Blocker} from '../../../../pg/replication/blockers.ts';
import {createLogicalSlot, readSlots} from '../../../../pg/replication/slots.ts';
import {SQLSTATE, sqlStateOf} from '../../../../pg/session/sqlstate.ts';
import type {Action} from '../../../action.ts';
import {claimFirst} from '../../../claim-first.ts';
import {dropOne} from '../../../exit/drop-slot.ts';
import {remark, showStatement} from '../../../make-action.ts';
import {found} from '../../../preflight/found.ts';
import type {StepContext} from '../../../step.ts';
import {howToEnd} from '../../../waiting/how-to-end.ts';
import {whileWatching} from '../../../waiting/watch-blockers.ts';
import {NATIVE_NEEDS} from '../needs.ts';

const WHERE = {on: 'target', limit: 'cutover.drain_limit'} as const;

/**
 * Has the target keep what is written there from now on. A slot waits for every transaction of the server that has written, in whichever database, and writers are stopped meanwhile: it has the time that
 * the drain has. One of the name that is there has kept what came the one way since a former try: applied, it would come twice.
 */
export function keeping(ctx: StepContext, name: string): Action {
  const create = createLogicalSlot(name, NATIVE_NEEDS.slots.plugin);
  const limitMs = limitOf(ctx);
  return claimFirst(ctx, [backObject('back-slot', name)], {
    on: 'target',
    text: remark(
      `waits for every transaction of the server that has written something, ${formatDuration(limitMs)} at most`,
      showStatement(create),
    ),
    execute: async () => {
      await dropIfThere(ctx, 'target', name);
      const target = await ctx.session('target');
      const ask = async (): Promise<readonly Blocker[]> => readBlockers(ctx);
      const wait = {step: 'start-reverse', on: 'target', done: 0, total: 1, what: `${name} waits for`, ask} as const;
      try {
        await whileWatching(ctx, wait, async (watch) =>
          watch.during(target.run(create, {timeoutMs: limitMs, lockTimeoutMs: 0})),
        );
      } catch (error) {
        if (sqlStateOf(error) !== SQLSTATE.queryCanceled || ctx.signal.aborted) throw error;
        const blockers = await readBlockers(ctx);
        throw new LonghaulError({
          code: 'failed',
          message: `on the target slot ${name} was not created within ${formatDuration(limitMs)}, for it waits for every transaction of that server that has written something: ${namesOf(blockers)}`,
          remedy: `${howToEnd(blockers, WHERE)}; then longhaul cutover`,
          cause: error,
        });
      }
    },
  });
}

function limitOf({config}: StepContext): number {
  return Math.min(config.timeouts.createSlotMs, config.cutover.drainLimitMs);
}

async function readBlockers(ctx: StepContext): Promise<Blocker[]> {
  const target = await ctx.session('target');
  return target.run(readSlotBlockers(target.version));
}

function namesOf(blockers: readonly Blocker[]): string {
  return blockers.map(({what}) => printable(what)).join('; ') || 'none is open now';
}

/** Drops a slot where it is there. */
export async function dropIfThere(ctx: StepContext, on: 'source' | 'target', name: string): Promise<void> {
  const server = await ctx.session(on);
  const slots = await server.run(readSlots(server.version));
  if (slots.some((slot) => slot.name === name)) await dropOne(server, name, ctx.sleep);
}

/** Transactions of the target that are open for so long may be so for as long again. */
const LONG_SECONDS = 5;

/** Whom the slots would be waiting for with the writers stopped. */
export async function checkStart(ctx: StepContext): Promise<Finding[]> {
  return judgeOpen(await readBlockers(ctx));
}

/** Pure. */
export function judgeOpen(blockers: readonly Blocker[]): Finding[] {
  const long = blockers.filter(({seconds, prepared}) => prepared !== null || (seconds ?? 0) >= LONG_SECONDS);
  if (long.length === 0) return [];
  return [
    found('way-back', 'target').blocker(
      'open-transactions',
      `the slots of the way back wait for every transaction of the target's server that has written something, with the writers stopped: ${namesOf(long)}`,
      howToEnd(long, WHERE),
    ),
  ];
}
