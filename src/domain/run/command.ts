import {formatBytes} from '../base/units.ts';
import type {ServerRole} from '../pg/server-role.ts';
import type {StepId} from './step-id.ts';

/** What an operator asks of a running supervisor, by a key or on the command line. `unit` is a LoadUnit's id. */
export type Command =
  /** SIGSTOP the unit's pipeline; xmin and both connections stay held. */
  | {readonly type: 'pause-unit'; readonly unit: string}
  | {readonly type: 'resume-unit'; readonly unit: string}
  | {readonly type: 'pause-all'}
  | {readonly type: 'resume-all'}
  /** So many lanes from now on; what runs goes on. */
  | {readonly type: 'set-lanes'; readonly lanes: number}
  /** So many bytes a second of all lanes together from now on; null limits them no more. */
  | {readonly type: 'set-rate'; readonly bytesPerSecond: number | null}
  /** Start no new unit and no index build; what runs goes on. */
  | {readonly type: 'hold'}
  | {readonly type: 'release-hold'}
  /** Try a failed unit again now. */
  | {readonly type: 'retry-unit'; readonly unit: string}
  /** Try every failed unit again now. */
  | {readonly type: 'retry-all'}
  /** End both ends of the unit's pipeline; none of its rows stay. It waits for a retry. */
  | {readonly type: 'cancel-unit'; readonly unit: string}
  /** Start nothing new, and end every lane. */
  | {readonly type: 'cancel-all'}
  | {readonly type: 'pause-replay'}
  /** Refused while it would break P. */
  | {readonly type: 'resume-replay'}
  /** The answer to a waiting step: `typed` is what the operator typed, the run's name. */
  | {readonly type: 'confirm-step'; readonly step: StepId; readonly typed: string}
  /** What cannot be made as it is on the source stays as it is, by the operator's word. `typed` is the run's name. */
  | {readonly type: 'accept-differences'; readonly objects: readonly string[]; readonly typed: string}
  /** The way out: drops the run's slots and ends the walk and its lanes. `typed` is the run's name. */
  | {readonly type: 'release'; readonly typed: string; readonly endReaders: boolean; readonly resumeReplay: boolean}
  /** Gives the run up: ends the walk and its lanes, resumes replay, drops what it claimed. `typed` is the run's name. */
  | {readonly type: 'abort'; readonly typed: string}
  /** Says that change capture has begun, so that slots that move past P are as they should be. `typed` is the run's name. */
  | {readonly type: 'cdc-started'; readonly typed: string}
  /** Compares rows while change capture runs: these tables, `public.users`, or all. `converging`: nothing is to be held for it. */
  | {readonly type: 'compare-again'; readonly tables: readonly string[]; readonly converging: boolean}
  /** Stops the writers, drains, and hands over to the target. `typed` is the run's name. */
  | {readonly type: 'cutover'; readonly typed: string}
  /** Goes back to the source after the hand-over, with all that was written on the target. `typed` is the run's name. */
  | {readonly type: 'back'; readonly typed: string}
  /** Takes a cutover back that has not opened the target, or a way back that has not opened the source: writes are allowed where they were. Asks for nothing. */
  | {readonly type: 'back-out'}
  /** Ends the last comparison, which goes on behind the hand-over, and with it its snapshots: what is left was not compared. */
  | {readonly type: 'end-comparison'}
  /** Stops applying a slot's changes, which it keeps; goes on; starts again what is down. */
  | {readonly type: 'pause-cdc' | 'resume-cdc' | 'kick-cdc'; readonly slot: string}
  /** Goes past the transaction that cannot be applied: the one that was shown, by where its commit starts. `typed` is the run's name. */
  | {readonly type: 'skip-cdc'; readonly slot: string; readonly commitLsn: string; readonly typed: string}
  /** Takes in a table that was made since: `public.events`. `typed` is the run's name. */
  | {readonly type: 'adopt-table'; readonly table: string; readonly typed: string}
  /** Goes on with the steps after a failure or a stop, without a new supervisor. */
  | {readonly type: 'continue'}
  /** Ends the supervisor; lanes go on, or are cancelled as well. */
  | {readonly type: 'shutdown'; readonly lanes: boolean};

/** One thing that a command would do, as people see it: on which server, or on the jump box, and the SQL or the command line. */
export interface ShownAction {
  readonly on: ServerRole | 'jump box';
  readonly text: string;
}

/** What a command would do now, in order; or why that cannot be told, as when a server does not answer. */
export type Planned =
  | {readonly ok: true; readonly actions: readonly ShownAction[]}
  | {readonly ok: false; readonly why: string};

/** The result of a command. A refusal says why and what to do instead. */
export type Reply =
  | {readonly ok: true; readonly message: string}
  | {readonly ok: false; readonly message: string; readonly remedy: string};

/** A command as a journal has it: one of a later version may have another type, or other keys. */
interface Journalled {
  readonly [key: string]: unknown;
}

type Words = (command: Journalled) => string;

/** By the type of the command: how it is asked for on the command line, behind `longhaul`. */
const WORDS: Readonly<Record<Command['type'], Words>> = {
  'pause-unit': ({unit}) => `pause ${text(unit)}`,
  'resume-unit': ({unit}) => `resume ${text(unit)}`,
  'retry-unit': ({unit}) => `retry ${text(unit)}`,
  'cancel-unit': ({unit}) => `cancel ${text(unit)}`,
  'pause-all': () => 'pause --all',
  'resume-all': () => 'resume --all',
  'retry-all': () => 'retry --all',
  'cancel-all': () => 'cancel --all',
  'set-lanes': ({lanes}) => `lanes ${text(lanes)}`,
  'set-rate': ({bytesPerSecond}) => `rate ${typeof bytesPerSecond === 'number' ? formatBytes(bytesPerSecond) : 'none'}`,
  hold: () => 'pause --start',
  'release-hold': () => 'resume --start',
  'pause-replay': () => 'pause --replay',
  'resume-replay': () => 'resume --replay',
  'confirm-step': ({step}) => `confirm ${text(step)}`,
  'accept-differences': ({objects}) => `accept ${text(objects)}`,
  release: ({endReaders, resumeReplay}) =>
    ['release', endReaders === true ? '--end-readers' : '', resumeReplay === true ? '--resume-replay' : '']
      .filter((word) => word !== '')
      .join(' '),
  abort: () => 'abort',
  'cdc-started': () => 'cdc-started',
  'compare-again': ({tables, converging}) =>
    ['compare --again', converging === true ? '--converging' : '', text(tables)]
      .filter((word) => word !== '')
      .join(' '),
  cutover: () => 'cutover',
  back: () => 'back',
  'back-out': () => '--back-out',
  'end-comparison': () => 'cutover --end-comparison',
  'pause-cdc': ({slot}) => `cdc pause ${text(slot)}`,
  'resume-cdc': ({slot}) => `cdc resume ${text(slot)}`,
  'kick-cdc': ({slot}) => `cdc kick ${text(slot)}`,
  'skip-cdc': ({slot, commitLsn}) => `cdc skip ${text(slot)} --lsn ${text(commitLsn)}`,
  'adopt-table': ({table}) => `adopt ${text(table)}`,
  continue: () => 'continue',
  shutdown: ({lanes}) => (lanes === true ? 'shutdown --lanes' : 'shutdown'),
};

/** A command in the words of the command line, without what had to be typed to mean it: `pause 03-public.audit_log`. Pure. */
export function commandWords(command: Journalled): string {
  const {type, typed: _, ...rest} = command;
  if (isKnown(type)) return WORDS[type](command);
  return [text(type), ...Object.values(rest).map(text)].filter((word) => word !== '').join(' ');
}

function isKnown(type: unknown): type is Command['type'] {
  return typeof type === 'string' && Object.hasOwn(WORDS, type);
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return Array.isArray(value) ? value.map(text).join(', ') : '';
}
