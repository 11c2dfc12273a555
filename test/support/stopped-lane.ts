import {readLaneLife} from '../../src/engine/load/host/lane-process.ts';
import {eventually} from './longhaul.ts';

/** Waits until every process of the lane is stopped: the word of a pause is in the journal and on the screen before its signal has arrived. */
export async function untilStopped(folder: string): Promise<void> {
  await eventually('the lane to be stopped', async () => {
    const life = await readLaneLife(folder);
    return 'processes' in life && life.processes.every(({state}) => state === 'T') ? true : null;
  });
}
