import type {Finding} from '../../domain/run/finding.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';

/**
 * How an engine turns change capture round. All but what prepares it serves both directions: of a mirrored context (engine/back) "the source" is the target. What brings changes now
 * is claimed as `slot`, `subscription`, …; what is to bring them the other way as `back-slot`, `back-subscription`, ….
 */
export interface ReverseCapture {
  /** What `cutover.reverse: yes` wants of both servers, beside what the engine wants. */
  check(ctx: StepContext): Promise<Finding[]>;
  /** Before the writes are stopped: all that may be there while changes still come the one way. Nothing runs. May be repeated. */
  planPrepare(ctx: StepContext): Promise<readonly Action[]>;
  /** What the slots of the other way are called where the engine makes up their names: each with the subscription that reads it. Left out where both have the same name. */
  readSlots?(ctx: StepContext): Promise<readonly {readonly name: string; readonly planned: string}[]>;
  /** Before the writes are stopped: what planStart would wait for with the writers stopped. Left out where it waits for nobody. */
  checkStart?(ctx: StepContext): Promise<Finding[]>;
  /**
   * While nobody writes on either side, and both are equal: stops the one way, and has the target keep for the other what will be written there. What a former try has kept is thrown away. May be
   * repeated.
   */
  planStart(ctx: StepContext): Promise<readonly Action[]>;
  /** Takes back what planStart did: changes come the one way again. */
  planUndo(ctx: StepContext): Promise<readonly Action[]>;
  /** Once the target is open: nothing is kept for the one way any more, and changes come the other way. May be repeated. */
  planFollow(ctx: StepContext): Promise<readonly Action[]>;
  /** Takes the other way off both servers, with all that planPrepare has made. Asks no server where nothing was claimed. */
  planRemoval(ctx: StepContext): Promise<readonly Action[]>;
}
