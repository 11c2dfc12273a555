import type {Command, Reply} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import {readReplicaPosition, resumeReplay} from '../../pg/replication/replica.ts';
import {endLanes} from '../load/end-lanes.ts';
import {slotObject} from '../../domain/run/claimed.ts';
import {goneSlots, lookAtRelease, NOT_FREED, releaseSlots, remedyForKept, writeCheckpoint} from './release.ts';
import type {StepContext} from '../step.ts';

/** Who releases, and how the walk through the steps is ended. */
interface Releasing {
  readonly halt: (reason: string) => void;
  readonly who: Actor;
}

/** An answer is waited for; a loaded primary writes its checkpoint for longer. */
const CHECKPOINT_WAIT_MS = 20_000;

/**
 * The way out while the supervisor lives: drops the run's slots on a connection of its own, ends the walk and the lanes, whose load is worth
 * nothing any more, and writes a checkpoint. Says what was freed and what was not; never throws for a part that did not work.
 */
export async function releaseByCommand(
  ctx: StepContext,
  {halt, who}: Releasing,
  command: Extract<Command, {type: 'release'}>,
): Promise<Reply> {
  if (command.typed !== ctx.config.run)
    return {ok: false, message: 'what was typed is not the name of the run', remedy: `type ${ctx.config.run}`};
  const source = await ctx.open('source', 'release');
  try {
    const {claimed} = ctx.state();
    const {slots} = await lookAtRelease(source, (name) => claimed.includes(slotObject(name)));
    const released = await releaseSlots(source, slots, {endReaders: command.endReaders, sleep: ctx.sleep});
    const {kept} = released;
    const gone = goneSlots(claimed, slots);
    const dropped = [...released.dropped, ...gone];
    const wrong = Object.entries(kept).map(([name, why]) => `KEPT ${name}: ${why}`);
    if (dropped.length > 0) {
      halt('the slots were released');
      await tell(wrong, 'the journal was not told', async () => ctx.record({type: 'slots.released', by: who, dropped}));
      await tell(wrong, 'lanes', async () => endLanes(ctx, {how: 'released', by: who}));
    }
    const free = Object.keys(kept).length === 0;
    if (command.resumeReplay && free) await tell(wrong, 'replay was not resumed', async () => letReplay(ctx, who));
    const checkpoint = released.dropped.length === 0 ? 'nothing to free' : await checkpointWords(ctx, source);
    if (checkpoint === NOT_FREED) wrong.push(NOT_FREED);
    const did = dropped.length === 0 ? 'no slot of this run was there' : `dropped ${dropped.join(', ')}; ${checkpoint}`;
    if (wrong.length === 0) return {ok: true, message: did};
    const remedy = free ? 'see to what is named; longhaul abort gives the run up' : remedyForKept(command.endReaders);
    return {ok: false, message: `${did}. ${wrong.join('; ')}`, remedy};
  } finally {
    await source.close();
  }
}

async function tell(wrong: string[], what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    wrong.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function letReplay(ctx: StepContext, who: Actor): Promise<void> {
  const replica = await ctx.session('replica');
  await replica.run(resumeReplay(replica.version));
  await replica.one(readReplicaPosition(replica.version));
  await ctx.record({type: 'replay.resumed', by: who});
}

async function checkpointWords(ctx: StepContext, source: Parameters<typeof writeCheckpoint>[0]): Promise<string> {
  const late = ctx.sleep(CHECKPOINT_WAIT_MS).then(() => 'late' as const);
  const written = await Promise.race([writeCheckpoint(source), late]);
  if (written === 'late') return 'a checkpoint is being written, which frees their WAL';
  return written === null ? 'a checkpoint was written, which freed their WAL' : NOT_FREED;
}
