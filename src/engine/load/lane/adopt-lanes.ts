import type {StepContext} from '../../step.ts';
import {runningUnits} from '../running-units.ts';
import {readEnding} from './remains.ts';
import {signalToEnd} from './signal-lane.ts';

/**
 * Takes over the lanes that an earlier supervisor left: those that the journal has as paused are stopped, those that have the word to end are
 * ended, the others go on. It died between a word and its signal, or the other way round, where the two differ.
 */
export async function adoptLanes(ctx: StepContext): Promise<void> {
  await Promise.all(runningUnits(ctx.state()).map(async ({id}) => ctx.lanes.keep(id, async () => adopt(ctx, id))));
}

async function adopt(ctx: StepContext, id: string): Promise<void> {
  const unit = runningUnits(ctx.state()).find((one) => one.id === id);
  if (unit === undefined) return;
  const {host} = ctx.lanes;
  const {folder} = unit.state;
  const [lane] = await host.life([folder]);
  if (lane?.life !== 'running' && lane?.life !== 'orphaned') return;
  if ((await readEnding(host, folder)) !== null) return void (await signalToEnd(ctx, unit));
  const isStopped = lane.processes.some((process) => process.state === 'T');
  if (unit.state.paused !== null && !lane.processes.every((process) => process.state === 'T')) {
    await host.signal(folder, 'SIGSTOP');
  }
  if (unit.state.paused === null && isStopped) await host.signal(folder, 'SIGCONT');
}
