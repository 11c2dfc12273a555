import type {StepId} from '../../../domain/run/step-id.ts';
import type {StepContext} from '../../step.ts';

/** What commands do beside the lanes: the walk through the steps and the supervisor's own end. */
export interface RunControl {
  /** Gives the operator's word to a waiting step; false when it does not wait. */
  confirm(step: StepId): boolean;
  /** Ends the walk for good, as far as it has come; lanes and supervisor stay. */
  halt(reason: string): void;
  /** Has a walk that was halted wait no more for a target that is away, where all it does is to have change capture go on. */
  hurry(): void;
  /** Walks on after a failure; false while it walks. */
  goOn(): boolean;
  /** Does something in the walk's place, which is halted and waited for as a walk is; false while something walks. */
  instead(work: (ctx: StepContext) => Promise<void>): boolean;
  /** Begins the cutover, or goes on with it; false while something walks. What `first` does belongs to it: of two orders one alone does it. */
  cutOver(first?: () => Promise<void>): boolean;
  /** Begins the way back, or goes on with it; false while something walks. */
  goBack(first?: () => Promise<void>): boolean;
  /** Resolves when nothing walks any more; at once where nothing does. */
  ended(): Promise<void>;
  /** Ends the supervisor, and with it its lanes where somebody says so. */
  stop(endsLanesFor: string | null): void;
}
