import {readLaneLife} from '../../src/engine/load/host/lane-process.ts';
import type {LaneLife} from '../../src/engine/load/host/lane-host.ts';
import {eventually} from './longhaul.ts';

/**
 * Waits until every process of the lane is stopped: the word of a pause is in the journal and on the screen before its signal has arrived. A shell
 * whose child was stopped between vfork and exec cannot stop before it (D).
 */
export async function untilStopped(folder: string): Promise<void> {
  let life: LaneLife | null = null;
  const isStopped = async (): Promise<true | null> => {
    life = await readLaneLife(folder);
    return 'processes' in life &&
      life.processes.some(({state}) => state === 'T') &&
      life.processes.every(({state}) => 'TD'.includes(state))
      ? true
      : null;
  };
  await eventually('the lane to be stopped', isStopped).catch((error: unknown) => {
    throw new Error(`not stopped: ${JSON.stringify(life)}`, {cause: error});
  });
}
