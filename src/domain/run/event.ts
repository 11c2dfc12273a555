import type {Alarm} from '../reading/alarm.ts';
import type {Boundary} from '../pg/boundary.ts';
import type {BackEvent} from './back/back-event.ts';
import type {CutoverEvent} from './cutover/cutover-event.ts';
import type {Difference} from './difference.ts';
import type {Finding} from './finding.ts';
import type {JsonObject} from '../base/json.ts';
import type {Lsn} from '../pg/lsn.ts';
import type {LoadUnit, UnitFailure} from './load-unit.ts';
import type {RelationName} from '../pg/relation.ts';
import type {RowsThatDiffer} from './row-difference.ts';
import type {KnownEvidence} from './evidence/step-evidence.ts';
import type {SchemaDrift} from './drift/schema-change.ts';
import type {StepId} from './step-id.ts';

/** Who asked for something: `ana@jump1 (console)`. */
export type Actor = string;

/** What failed, as it is journalled: the message and its remedy. */
export interface Failure {
  readonly message: string;
  readonly remedy: string;
  /** Whether a server could not be reached, for the exit code of the command that waits for the run. */
  readonly unreachable: boolean;
}

/** How rows are compared while change capture runs: both sides held at one commit, or again and again until both have passed each other's state. */
export type AgainHow = 'fence' | 'converging';

/** How a walk ended before the run was done: at --until, by somebody's word, or because of what a step left. */
export type WalkEnd = 'reached' | 'halted' | 'failed' | 'unfinished' | 'incomplete';

/** Everything that can happen in a run, in the past tense. The journal is a list of these; the run's state is `reduce` over it. */
export type RunEvent =
  | {readonly type: 'run.started'; readonly run: string; readonly version: string; readonly steps: readonly StepId[]}
  | {readonly type: 'run.done'}
  | {
      readonly type: 'run.stopped';
      /** For people; what decides goes by `end`, which a journal of format 0 has not. */
      readonly reason: string;
      readonly end?: WalkEnd;
    }
  | {readonly type: 'run.aborted'; readonly by: Actor; readonly evidence: JsonObject}
  | {readonly type: 'supervisor.started'; readonly pid: number; readonly bootId: string}
  | {readonly type: 'supervisor.stopped'; readonly reason: string}
  | {readonly type: 'command.received'; readonly by: Actor; readonly command: JsonObject}
  | {readonly type: 'step.started'; readonly step: StepId}
  | {
      readonly type: 'step.waiting';
      readonly step: StepId;
      readonly question: string;
      readonly actions: readonly string[];
    }
  | {readonly type: 'step.confirmed'; readonly step: StepId; readonly by: Actor}
  | {readonly type: 'step.done'; readonly step: StepId; readonly evidence: KnownEvidence; readonly already: boolean}
  | {readonly type: 'step.failed'; readonly step: StepId; readonly failure: Failure}
  /** It did all that could be done, and what is left does not keep the steps after it from their work. */
  | {
      readonly type: 'step.unfinished';
      readonly step: StepId;
      readonly failure: Failure;
      readonly evidence: KnownEvidence;
    }
  /** Everything in which the target differs now, as the step sees it; none any more where the list is empty. */
  | {readonly type: 'differences.found'; readonly step: StepId; readonly differences: readonly Difference[]}
  | {readonly type: 'differences.accepted'; readonly by: Actor; readonly objects: readonly string[]}
  | {readonly type: 'step.skipped'; readonly step: StepId; readonly reason: string}
  | {
      readonly type: 'step.progressed';
      readonly step: StepId;
      readonly done: number;
      readonly total: number;
      readonly what: string;
    }
  | {readonly type: 'finding.seen'; readonly step: StepId; readonly finding: Finding}
  /** Written before the first of them is created: what exists and was not claimed is somebody else's, and is never dropped. */
  | {readonly type: 'objects.claimed'; readonly objects: readonly string[]}
  /** The way out: these slots of the run are dropped, and P, which begins with them, is lost. */
  | {readonly type: 'slots.released'; readonly by: Actor; readonly dropped: readonly string[]}
  | {readonly type: 'replay.paused'; readonly by: Actor}
  | {readonly type: 'replay.resumed'; readonly by: Actor}
  | {readonly type: 'boundary.captured'; readonly boundary: Boundary}
  | {
      readonly type: 'boundary.proved';
      readonly evidence: JsonObject;
      /** The slots that P was proved against, which are watched from then on; a journal from before they were has none. */
      readonly slots?: readonly string[];
    }
  /** P was proved, and what it rested on is so no more: a slot is gone, was made again or consumed. */
  | {readonly type: 'boundary.disproved'; readonly failure: Failure; readonly evidence: JsonObject}
  | {readonly type: 'boundary.moved'; readonly failure: Failure}
  /** Somebody has said that change capture reads the slots: from now on they move past P, and are meant to. */
  | {readonly type: 'cdc.started'; readonly by: Actor; readonly evidence: JsonObject}
  | CutoverEvent
  | BackEvent
  /** An operator stops applying a slot's changes, which it keeps; and goes on. */
  | {readonly type: 'cdc.paused'; readonly slot: string; readonly by: Actor}
  | {readonly type: 'cdc.resumed'; readonly slot: string; readonly by: Actor}
  /** Written before the statement: this transaction is not applied, and its tables have to be compared. */
  | {
      readonly type: 'cdc.skipping';
      readonly slot: string;
      readonly by: Actor;
      readonly xid: string;
      readonly commitLsn: Lsn;
      readonly endLsn: Lsn;
      readonly tables: readonly RelationName[];
      readonly changes: readonly string[];
    }
  /** All tables of the source that are to be moved and that no slot captures now; none any more where the list is empty. */
  | {readonly type: 'tables.uncaptured'; readonly tables: readonly RelationName[]}
  /** All tables that were captured and that the source has no more: dropped, or called otherwise; none where the list is empty. */
  | {readonly type: 'tables.gone'; readonly tables: readonly RelationName[]}
  /** Written before the first statement of it. */
  | {readonly type: 'table.adopting'; readonly table: RelationName; readonly slot: string; readonly by: Actor}
  /** It could not be done, or not whole: the table is among those that are not captured, whatever of it is there. */
  | {readonly type: 'table.not-adopted'; readonly table: RelationName; readonly failure: Failure}
  /** Captured, copied and compared. */
  | {readonly type: 'table.adopted'; readonly table: RelationName; readonly slot: string; readonly rows: number}
  /** The target may differ in these until they were compared. */
  | {readonly type: 'comparison.owed'; readonly tables: readonly RelationName[]; readonly why: string}
  /** They were compared since, row by row, and are equal. */
  | {readonly type: 'comparison.made'; readonly tables: readonly RelationName[]}
  /** The source is another server, or has another history, than the slots were made on. `from`: after it nothing is certain; null where that is not known. */
  | {
      readonly type: 'source.lost';
      readonly from: Lsn | null;
      readonly failure: Failure;
      readonly evidence: JsonObject;
    }
  /** They were taken back, and are the run's no more. */
  | {readonly type: 'objects.returned'; readonly objects: readonly string[]}
  | {readonly type: 'load.planned'; readonly boundary: Lsn; readonly units: readonly LoadUnit[]; readonly lanes: number}
  /** So many lanes from now on, in place of those of longhaul.yaml, and for as long as that has the same number. */
  | {readonly type: 'load.resized'; readonly lanes: number; readonly instead: number; readonly by: Actor}
  /** So many bytes a second of all lanes together from now on, in place of those of longhaul.yaml (null: no limit), and for as long as that has the same. */
  | {
      readonly type: 'load.throttled';
      readonly bytesPerSecond: number | null;
      readonly instead: number | null;
      readonly by: Actor;
    }
  | {readonly type: 'load.held'; readonly by: Actor}
  | {readonly type: 'load.released'; readonly by: Actor}
  | {
      readonly type: 'unit.started';
      readonly unit: string;
      readonly attempt: number;
      readonly lane: number;
      readonly folder: string;
    }
  | {
      readonly type: 'unit.committed';
      readonly unit: string;
      readonly attempt: number;
      readonly rows: number;
      readonly bytes: number;
      readonly tookMs: number;
    }
  | {
      readonly type: 'unit.failed';
      readonly unit: string;
      readonly attempt: number;
      readonly failure: UnitFailure;
      /** When it will be tried again by itself, ISO 8601; null when it waits for the operator. */
      readonly retryAt: string | null;
    }
  | {readonly type: 'unit.paused'; readonly unit: string; readonly by: Actor}
  | {readonly type: 'unit.resumed'; readonly unit: string; readonly by: Actor}
  | {readonly type: 'unit.cancelled'; readonly unit: string; readonly by: Actor}
  | {readonly type: 'unit.retried'; readonly unit: string; readonly by: Actor}
  | {
      readonly type: 'table.compared';
      readonly table: RelationName;
      readonly replicaRows: number;
      readonly targetRows: number;
      /** The months whose counts differ; empty when all agree or the table has no timestamp. */
      readonly monthsThatDiffer: readonly string[];
      readonly months: number;
      /** There where every value of every row was compared, and not only how many rows there are. */
      readonly how?: 'rows';
      /** There where rows differ that were compared so. */
      readonly rowsThatDiffer?: RowsThatDiffer;
    }
  /** All in which the source's schema is not as it was at P, as far as the target has not followed. */
  | ({readonly type: 'schema.drifted'} & SchemaDrift)
  /** Rows are compared while change capture runs. */
  | {
      readonly type: 'again.begun';
      readonly by: Actor;
      readonly how: AgainHow;
      readonly tables: number;
      /** There where some are left out, for change capture does not bring them whole: the cutover copies them. */
      readonly leftOut?: readonly RelationName[];
    }
  | {
      readonly type: 'again.compared';
      readonly table: RelationName;
      readonly how: AgainHow;
      readonly replicaRows: number;
      readonly targetRows: number;
      /** There where rows differ. */
      readonly rowsThatDiffer?: RowsThatDiffer;
      /** So many rows were written to in every round. */
      readonly undecided: number;
      /** What the source told of the table before that: another one as soon as it is written to (pg/compare/table-extents.ts). Left out where it told nothing. */
      readonly mark?: string;
    }
  | {readonly type: 'again.ended'; readonly by: Actor; readonly failure: Failure | null}
  /** Written before anything is held: apply and replay are about to be, and whoever finds it so lets both go on. */
  | {readonly type: 'fence.raised'; readonly slots: readonly string[]}
  | {readonly type: 'fence.lowered'; readonly by: Actor}
  | {readonly type: 'alarm.raised'; readonly alarm: Alarm}
  | {readonly type: 'alarm.cleared'; readonly id: string};

/** An event as the journal holds it: numbered from 1 without gaps, with the jump box's clock in ISO 8601. */
export type JournalEntry = RunEvent & {readonly seq: number; readonly at: string};
