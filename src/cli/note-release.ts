import {openRunStore} from '../engine/run-store.ts';
import {whoAmI, type OpenRun} from './open-run.ts';

/**
 * Writes into the journal that the slots were released, and whether replay goes on: P is lost, and no unit starts any more. Only under
 * the run's lock. Throws when the disk does not take it.
 */
export async function noteRelease(run: OpenRun, resumed: boolean): Promise<0> {
  const store = await openRunStore(run.folder.journal, Date.now);
  try {
    if (store.state().boundary !== null && store.state().boundaryMoved === null) {
      await store.record({
        type: 'boundary.moved',
        failure: {
          message: `${whoAmI('release')} dropped the slots that P begins with`,
          remedy:
            'new slots and a new P: longhaul release --resume-replay, unless that was done; then longhaul run --from create-slots',
          unreachable: false,
        },
      });
    }
    if (resumed) await store.record({type: 'replay.resumed', by: whoAmI('release')});
    return 0;
  } finally {
    await store.close();
  }
}
