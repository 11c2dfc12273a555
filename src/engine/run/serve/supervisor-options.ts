import type {Config} from '../../../config/config.ts';
import type {Reading} from '../../../domain/reading/reading.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
import type {Step} from '../../step.ts';
import type {ContextOptions, RunContext} from '../run-context.ts';

/** What a supervisor is started with. It must hold the run's lock (libexec/with-lock.sh). */
export interface SupervisorOptions extends Omit<ContextOptions, 'store' | 'signal' | 'readOnly'> {
  readonly steps: readonly Step[];
  readonly from: StepId | null;
  readonly until: StepId | null;
  readonly version: string;
  /** longhaul.yaml as it is by now. Rejects where it cannot be read. */
  readonly readConfig: () => Promise<Config>;
  /** What no journal takes any more: for the supervisor's log. */
  readonly complain: (words: string) => void;
  /** Starts what watches the servers; its readings go to the clients. */
  readonly watch: (ctx: RunContext, tell: (reading: Reading) => void, past: readonly Reading[]) => () => Promise<void>;
}
