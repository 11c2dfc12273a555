import type {StepContext} from '../step.ts';
import {readLaneLife, signalLane} from './host/lane-process.ts';
import {readSessions} from './host/proc.ts';
import {runningUnits} from './running-units.ts';

/**
 * Takes over the lanes that an earlier supervisor left: those that the journal has as paused stand, the others go on. It died between a
 * signal and its event, or the other way round, where the two differ.
 */
export async function adoptLanes(ctx: StepContext): Promise<void> {
  const running = runningUnits(ctx.state());
  if (running.length === 0) return;
  const sessions = await readSessions();
  for (const {state} of running) {
    const lane = await readLaneLife(state.folder, sessions);
    if (lane.life !== 'running' && lane.life !== 'orphaned') continue;
    const stands = lane.processes.some((process) => process.state === 'T');
    if (state.paused !== null && !lane.processes.every((process) => process.state === 'T')) {
      await signalLane(state.folder, 'SIGSTOP');
    }
    if (state.paused === null && stands) await signalLane(state.folder, 'SIGCONT');
  }
}
