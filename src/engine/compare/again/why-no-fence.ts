import {readStandbyDelay} from '../../../pg/compare/again-fence.ts';
import {readReceiving, readReplicaPosition} from '../../../pg/replication/replica.ts';
import {captureOf} from '../../capture/own-capture.ts';
import type {StepContext} from '../../step.ts';

/** Alarms of a disk that fills: while one is raised, nothing is held that keeps WAL. */
const FILLING = /^(?:disk|slot)\./;

/** Why replica and target cannot be held at one commit now, in words; null where they can. Changes nothing. */
export async function whyNoFence(ctx: StepContext): Promise<string | null> {
  const capture = captureOf(ctx);
  if (capture === null) return 'its engine of change capture is not ours to hold';
  if (capture.live.noFence !== undefined) return capture.live.noFence;
  const {
    alarms,
    capture: {paused},
  } = ctx.state();
  if (paused.length > 0) return `${paused.map(({slot}) => slot).join(', ')}: paused`;
  const filling = alarms.find(({id}) => FILLING.test(id));
  if (filling !== undefined)
    return `what is held keeps WAL, and there is an alarm: ${filling.subject}: ${filling.seen}`;
  const replica = await ctx.session('replica');
  const {inRecovery, paused: isPaused} = await replica.one(readReplicaPosition(replica.version));
  if (!inRecovery) return 'the replica is no standby';
  if (isPaused) return 'replay is paused on the replica';
  if ((await replica.one(readReceiving(replica.version))).receiving === false) return 'the replica does not stream';
  const {delayMs} = await replica.one(readStandbyDelay());
  return delayMs === 0
    ? 'max_standby_streaming_delay of the replica is 0, so that nothing there holds replay up'
    : null;
}
