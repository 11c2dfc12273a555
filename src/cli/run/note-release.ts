import {openRunStore} from '../../engine/run/run-store.ts';
import {readVersion} from '../version.ts';
import {mustHoldLock} from '../supervisor/launch-supervisor.ts';
import {whoAmI, type OpenRun} from './open-run.ts';

/**
 * Writes into the journal which slots were dropped, and whether replay goes on: P is lost, and the next run begins with new slots. Only
 * under the run's lock. Throws when the disk does not take it.
 */
export async function noteRelease(run: OpenRun, dropped: readonly string[], resumed: boolean): Promise<0> {
  mustHoldLock(run);
  const store = await openRunStore(run.folder.journal, {now: Date.now, version: readVersion()});
  try {
    const by = whoAmI('release');
    if (dropped.length > 0) await store.record({type: 'slots.released', by, dropped});
    if (resumed) await store.record({type: 'replay.resumed', by});
    return 0;
  } finally {
    await store.close();
  }
}
