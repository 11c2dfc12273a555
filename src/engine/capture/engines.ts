import type {EngineName} from '../../config/keys/cdc.ts';
import type {CaptureEngine} from './capture.ts';
import {dms} from './dms/dms.ts';
import {dmsTasks, dmsTasksOf} from './dms/tasks/dms-tasks.ts';
import {native} from './native/native.ts';
import type {EngineChoice} from './needs.ts';
import {none} from './none/none.ts';
import {pglogical} from './pglogical/pglogical.ts';

/** The engines of change capture that this version runs. */
export const ENGINES: Readonly<Record<EngineName, CaptureEngine>> = {dms, pglogical, native, none};

/** All of them, DMS by hand and DMS whose tasks are the run's each for itself. */
export const ALL_ENGINES: readonly CaptureEngine[] = [...Object.values(ENGINES), dmsTasks];

/** The engine of a run. A section `cdc.dms` is there with that engine alone. */
export function engineOf({cdc, run = ''}: EngineChoice): CaptureEngine {
  return cdc.dms === undefined || cdc.dms === null ? ENGINES[cdc.engine] : dmsTasksOf({run, dms: cdc.dms});
}
