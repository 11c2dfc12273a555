import type {EngineName} from '../../config/keys/cdc.ts';
import type {CaptureEngine} from './capture.ts';
import {dms} from './dms/dms.ts';
import {native} from './native/native.ts';
import type {EngineChoice} from './needs.ts';
import {none} from './none/none.ts';
import {pglogical} from './pglogical/pglogical.ts';

/** The engines of change capture that this version runs. */
export const ENGINES: Readonly<Record<EngineName, CaptureEngine>> = {dms, pglogical, native, none};

/** The engine of a run. */
export function engineOf({cdc}: EngineChoice): CaptureEngine {
  return ENGINES[cdc.engine];
}
