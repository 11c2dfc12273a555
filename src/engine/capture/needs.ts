import type {StepId} from '../../domain/run/step-id.ts';
import type {Config} from '../../config/config.ts';
import type {EngineName} from '../../config/keys/cdc.ts';
import {DMS_NEEDS} from './dms/needs.ts';
import {NATIVE_NEEDS} from './native/needs.ts';
import {NONE_NEEDS} from './none/needs.ts';
import {PGLOGICAL_NEEDS} from './pglogical/needs.ts';

/** What of longhaul.yaml names the engine. */
export interface EngineChoice {
  readonly cdc: Pick<Config['cdc'], 'engine'> & {readonly dms?: Config['cdc']['dms']};
  /** The run's name, by which an engine names what it makes in a service. */
  readonly run?: string;
}

/** What an engine of change capture wants of plan, servers and proof. Data alone, so that every part of the engine may ask for it. */
export interface CaptureNeeds {
  /** The logical slots on the source, one for each group of tables; null where nothing that is written after P is captured. */
  readonly slots: {
    /** The output plugin of each. */
    readonly plugin: string;
    /** What a table has to be in to be captured, for people, `replication sets`, and the step that puts it there. */
    readonly members: {readonly what: string; readonly step: StepId};
  } | null;
  /** Whether deferrable unique constraints stop its apply, so that the target gets them once all is applied. */
  readonly deferrableWaits?: true;
  /** Whether it cuts off what is larger than a limit that it is told of each table, so that the largest value of every LOB column has to be known. */
  readonly lobLimits?: true;
}

const NEEDS: Readonly<Record<EngineName, CaptureNeeds>> = {
  dms: DMS_NEEDS,
  pglogical: PGLOGICAL_NEEDS,
  native: NATIVE_NEEDS,
  none: NONE_NEEDS,
};

/** What the run's engine wants. */
export function captureNeeds({cdc}: EngineChoice): CaptureNeeds {
  return NEEDS[cdc.engine];
}
