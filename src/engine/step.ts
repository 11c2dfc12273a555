import type {Config} from '../config/config.ts';
import type {Difference} from '../domain/run/difference.ts';
import type {RunEvent} from '../domain/run/event.ts';
import type {Finding} from '../domain/run/finding.ts';
import type {JsonObject} from '../domain/base/json.ts';
import type {Evidence, Served} from '../domain/run/evidence/step-evidence.ts';
import type {Trace} from '../domain/base/trace.ts';
import type {RunState} from '../domain/run/run-state.ts';
import type {ServerRole} from '../domain/pg/server-role.ts';
import type {Phase} from '../domain/run/final-steps.ts';
import type {StepId} from '../domain/run/step-id.ts';
import type {Session} from '../pg/session/session.ts';
import type {Action} from './action.ts';
import type {Fence} from './cutover/fence.ts';
import type {FinalComparison} from './cutover/final/final.ts';
import type {Lanes} from './load/lane/lanes.ts';
import type {UnderWay} from './waiting/under-way.ts';
import type {RunFolder} from './run/run-folder.ts';
import type {Tools} from './tools/tools.ts';
import type {Clock} from './waiting/clocks.ts';

/** What the servers say of a step before it runs. */
export interface StepCheck<Id extends StepId = StepId> {
  /** The evidence that everything the step does is already so; null when it has to run. */
  readonly done: Evidence<Id> | Served | null;
  /** Problems that were seen. A blocker stops the step before it touches anything. */
  readonly findings: readonly Finding[];
  /** What only the operator can decide before the step runs; asked whatever `confirm` of the step says. */
  readonly question?: string;
}

/** What a step may use. Steps get everything from here and hold nothing. */
export interface StepContext {
  readonly config: Config;
  readonly folder: RunFolder;
  readonly tools: Tools;
  /** Where lanes run, and their keepers; shared by all who work on the run at the same time. */
  readonly lanes: Lanes;
  /** The locks on the source that keep writers out during a cutover. */
  readonly fence: Fence;
  /** The last comparison of a cutover, which goes on after it. */
  readonly final: FinalComparison<StepContext>;
  /** What steps with many pieces are at, for probes; a step that only plans tells nobody. */
  readonly underWay: UnderWay;
  /** The run's state now: reads the journal's reduction at the time of the call. */
  readonly state: () => RunState;
  /** Appends an event to the journal; resolves when it is on disk. */
  readonly record: (event: RunEvent) => Promise<void>;
  /** The shared session of a server, connected on first use and again after it was lost. For one statement after the other. */
  readonly session: (role: ServerRole) => Promise<Session>;
  /** A separate session, for work in parallel; whoever opens it closes it. */
  readonly open: (role: ServerRole, purpose: string) => Promise<Session>;
  /** When this process last connected to a server, by the steady clock; null where it never has. */
  readonly connectedMs: (role: ServerRole) => number | null;
  /** The step that the operator had this walk begin with, by its name; without it, or null, it begins with the first. */
  readonly begunAt?: StepId | null;
  /** Whether this is the run seen from its other end, as the way back sees it. */
  readonly isBack?: true;
  /** Aborted when the run is to stop; waits end early, nothing is undone. */
  readonly signal: AbortSignal;
  /** What child tools inherit; PG* is taken out on the way. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time for what is written down, milliseconds since 1970: the jump box's clock, and never behind what the journal has. */
  readonly now: Clock;
  /** For waits, limits and ages: milliseconds that go on whatever is done to the jump box's clock. */
  readonly steady: Clock;
  /** Hears what happens, where the configuration wants it traced. */
  readonly trace: Trace;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * What a step came to that did all that could be done. Where the target differs all the same, the step has failed and the steps after it go
 * on; the run is done once the differences are mended or accepted.
 */
export class Outcome<Id extends StepId = StepId> {
  readonly evidence: Evidence<Id>;
  /** All that differ, those that were accepted among them. */
  readonly differences: readonly Difference[];

  constructor(evidence: Evidence<Id>, differences: readonly Difference[]) {
    this.evidence = evidence;
    this.differences = differences;
  }
}

/** One step of the runbook: a literal object, in the runbook's words. */
export interface Step<Id extends StepId = StepId> {
  readonly id: Id;
  readonly phase: Phase;
  /** A few words for the checklist: `pause replay on the replica`. */
  readonly title: string;
  /** What is lost without it. */
  readonly why: string;
  /** Where the runbook or a fact asks for it: `runbook, step 5`. */
  readonly source: string;
  /** What has to be typed before it runs: none, because it only reads or can be undone freely, or the run's name. */
  readonly confirm: 'no' | 'typed';
  /** True where a run is not done without the step, wherever its walk began. */
  readonly always?: true;
  /** Reads the servers, changes nothing. */
  check(ctx: StepContext): Promise<StepCheck<Id>>;
  /** What there is to do, in order. Reads the servers, changes nothing; the dry run and the question print it, `run` executes it. */
  plan(ctx: StepContext): Promise<readonly Action[]>;
  /** Executes what `plan` gives now, so that it may be repeated after a crash. Gives the evidence for the journal, or an outcome that may be unfinished. */
  run(ctx: StepContext): Promise<Evidence<Id> | Outcome<Id>>;
  /** Takes back what `run` did, where that can be done; used by `abort`. Also safe to repeat. */
  undo?(ctx: StepContext): Promise<JsonObject>;
}
