import type {JsonObject} from '../../base/json.ts';
import type {Lsn} from '../../pg/lsn.ts';
import type {StepId} from '../step-id.ts';
import type {CommandMoment, KeptJob, KeptSetting, KeptUndo} from './cutover.ts';
import type {Visitor} from './visitors.ts';

/** Who asked for something, as everywhere in the journal. */
type Actor = string;

/** What happens in a cutover. */
export type CutoverEvent =
  /** The cutover begins, with these steps; nothing is stopped yet. */
  | {readonly type: 'cutover.begun'; readonly by: Actor; readonly steps: readonly StepId[]}
  /** Before the first statement or command that refuses a write, with what the source's setting was; null where it is left alone. */
  | {
      readonly type: 'cutover.stopping';
      readonly setting: KeptSetting | null;
      /** The jobs of schedulers that run there, before they are stopped; left out where there are none. */
      readonly jobs?: readonly KeptJob[];
    }
  /** A command of the operator, by its place in longhaul.yaml (`stop.0`), with what it printed last. */
  | {
      readonly type: 'cutover.command';
      readonly command: string;
      readonly moment: CommandMoment;
      readonly output: string;
      /** What undoes it, where it has begun; null where nothing does. */
      readonly undo?: KeptUndo | null;
    }
  /** Before the triggers of the target fire again that do so while changes are applied: taken back, they must not. */
  | {
      readonly type: 'cutover.triggers-firing';
      readonly triggers: readonly {readonly schema: string; readonly table: string; readonly name: string}[];
    }
  /** F: nobody writes behind it. */
  | {readonly type: 'cutover.writes-stopped'; readonly lsn: Lsn; readonly evidence: JsonObject}
  /** Before the statement that opens the target for writes: from here on there is no going back but by `longhaul back`. */
  | {readonly type: 'cutover.opening'; readonly by: Actor}
  | {readonly type: 'cutover.handed-over'; readonly by: Actor; readonly evidence: JsonObject}
  /** The last comparison is over that went on behind the hand-over: what it has not compared nobody does. `why` is null where it came to its end. */
  | {
      readonly type: 'cutover.comparison-over';
      readonly by: Actor;
      readonly why: string | null;
      /** Tables that were not compared, `public.users`. */
      readonly left: readonly string[];
    }
  /** Everybody who was seen on the source since the hand-over, where production is no more. */
  | {readonly type: 'cutover.visited'; readonly visitors: readonly Visitor[]}
  /** All that the cutover had done was taken back: writes are allowed on the source again, and change capture goes on. */
  | {readonly type: 'cutover.gone-back'; readonly by: Actor; readonly reason: string};

/** The types of these events. */
export const CUTOVER_EVENTS: Readonly<Record<CutoverEvent['type'], true>> = {
  'cutover.begun': true,
  'cutover.stopping': true,
  'cutover.command': true,
  'cutover.triggers-firing': true,
  'cutover.writes-stopped': true,
  'cutover.opening': true,
  'cutover.handed-over': true,
  'cutover.comparison-over': true,
  'cutover.visited': true,
  'cutover.gone-back': true,
};

/** Whether it is an event of a cutover. Pure. */
export function isCutoverEvent<Entry extends {readonly type: string}>(
  entry: Entry,
): entry is Extract<Entry, {readonly type: CutoverEvent['type']}> {
  return Object.hasOwn(CUTOVER_EVENTS, entry.type);
}
