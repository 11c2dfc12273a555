import type {CommandMoment, KeptJob, KeptSetting, KeptUndo} from '../cutover/cutover.ts';
import type {Visitor} from '../cutover/visitors.ts';
import type {JsonObject} from '../../base/json.ts';
import type {Lsn} from '../../pg/lsn.ts';
import type {StepId} from '../step-id.ts';

/** What happens while one goes back to the source after a hand-over: the events of a cutover, the other way round. */
export type BackEvent =
  | {readonly type: 'back.begun'; readonly by: string; readonly steps: readonly StepId[]}
  /** Before the first statement that refuses a write on the target, with what its setting was. */
  | {readonly type: 'back.stopping'; readonly setting: KeptSetting | null; readonly jobs?: readonly KeptJob[]}
  | {
      readonly type: 'back.command';
      readonly command: string;
      readonly moment: CommandMoment;
      readonly output: string;
      readonly undo?: KeptUndo | null;
    }
  /** Nobody writes on the target behind it. */
  | {readonly type: 'back.writes-stopped'; readonly lsn: Lsn; readonly evidence: JsonObject}
  /** Before the statement that opens the source for writes: from here on the way leads on to the source. */
  | {readonly type: 'back.opening'; readonly by: string}
  /** The source takes writes again, with every row that was written on the target. */
  | {readonly type: 'back.handed-over'; readonly by: string; readonly evidence: JsonObject}
  /** Everybody who was seen on the target since then. */
  | {readonly type: 'back.visited'; readonly visitors: readonly Visitor[]}
  /** It was taken back: the target takes writes again, and reverse replication goes on. */
  | {readonly type: 'back.gone-back'; readonly by: string; readonly reason: string};

/** Their types, for what has to know them all. */
export const BACK_EVENTS: Readonly<Record<BackEvent['type'], true>> = {
  'back.begun': true,
  'back.stopping': true,
  'back.command': true,
  'back.writes-stopped': true,
  'back.opening': true,
  'back.handed-over': true,
  'back.visited': true,
  'back.gone-back': true,
};

/** Whether the event is of the way back. */
export function isBackEvent<Entry extends {readonly type: string}>(
  entry: Entry,
): entry is Extract<Entry, {type: BackEvent['type']}> {
  return Object.hasOwn(BACK_EVENTS, entry.type);
}
