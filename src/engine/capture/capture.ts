import type {Finding} from '../../domain/run/finding.ts';
import type {SlotPlan} from '../../domain/pg/slot-plan.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {EngineName} from '../../config/keys/cdc.ts';
import type {CaptureTopic, Told} from '../preflight/database/told.ts';
import type {PreflightContext} from '../preflight/read-once.ts';
import type {Step, StepContext} from '../step.ts';
import type {CaptureNeeds} from './needs.ts';

/** A part of preflight. Read-only; `id` names it where it could not be made: `source slots`. */
export interface PreflightCheck {
  readonly id: string;
  readonly check: (ctx: PreflightContext) => Promise<Finding[]>;
}

/** How a step is called on screen, and what is lost without it. */
export type StepWords = Pick<Step, 'title' | 'why'>;

/**
 * An engine of change capture: everything that a run asks about it. One literal object for each in a folder of this room; a run's own is
 * `engineOf(config)`. What is to come with its first implementation (start at P, status, stop, resume, skip, hold): docs/decisions/0030.
 */
export interface CaptureEngine {
  readonly name: EngineName;
  /** What it comes to in one sentence, for the dry run and `longhaul steps`. */
  readonly summary: string;
  readonly needs: CaptureNeeds;
  /** What it wants of servers, roles and settings, beside what every run wants. */
  readonly checks: readonly PreflightCheck[];
  /** What it does not carry as it is of the data, for the check of the data. */
  readonly data: Readonly<Partial<Record<CaptureTopic, Told>>>;
  /** Its part of the anchor, in its own order: what exists before the pause. What a step has made its `undo` takes back. */
  readonly anchor: readonly Step[];
  /** The words of steps that every run has, where they are others with this engine. */
  readonly words: Readonly<Partial<Record<StepId, StepWords>>>;
  /** Whether the object, as it is claimed in the journal (`slot dms_slot_01`), is of a kind that its steps make. */
  owns(object: string): boolean;
  /** Tables that are to be captured and that the source does not capture now, in words: `public.events (idms_slot_01)`. */
  readNotCaptured(ctx: StepContext, plan: SlotPlan): Promise<string[]>;
}
