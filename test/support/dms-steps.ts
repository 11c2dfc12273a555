import {runbookIds} from '../../src/domain/run/step-id.ts';

/** The steps of a run with DMS, as `run.started` has them. */
export const DMS_STEPS = runbookIds('dms');
