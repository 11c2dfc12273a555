import {msOf} from '../../../domain/base/iso-time.ts';
import {isCutoverUnderWay, latestCutover} from '../../../domain/run/cutover/cutover.ts';
import {adoptSentinelsOf} from '../../../domain/run/capture/sentinel-table.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {isTurnedRound, mirroredWords} from '../../../domain/run/back/mirror.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import type {Figure} from '../../../domain/reading/figure.ts';
import {counted, formatDuration} from '../../../domain/base/units.ts';
import {seenOf} from '../../../domain/run/capture/seen-of.ts';
import {isCutOff, loopOf} from './cut-off.ts';
import {isAdopting} from './guard-alarms.ts';
import {judgeBehind} from './falls-behind.ts';
import {hungOf} from './hung.ts';
import {CDC, figuresOf} from '../history.ts';
import {raisedSoFar, type Judge, type Observed} from '../observed.ts';

/** A worker that ends with an error is started again after five seconds; after a restart of a server it takes as long. */
const DOWN_SECONDS = 20;
/** A kick, and a start of all slots one after the other, have it disabled for a moment. */
const STOPPED_SECONDS = 5;
/** Five sentinels that have not come. */
const LATE_SECONDS = 300;

/** Change capture that Longhaul has started: disabled, failing, blocked, late, further behind hour after hour, or with sentinels that are lost. */
export const judgeCapture: Judge = (observed) => {
  // A comparison holds it, for a while, and lets it go on.
  if (observed.state.fence !== null) return raisedSoFar(observed, 'cdc.');
  // A cutover ends change capture itself, and begins that of the way back: until it is handed over or taken back, and for the moment after it.
  if (isTurning(observed)) return raisedSoFar(observed, 'cdc.');
  const reading = figuresOf(observed.history, CDC);
  if (reading === null) return raisedSoFar(observed, 'cdc.');
  const ofSlots = reading.figures.filter(({of}) => seenOf(of)?.table === null);
  const slots = Map.groupBy(ofSlots, ({of}) => seenOf(of)?.slot ?? '');
  const guards = figuresOf(observed.history, 'guard:target')?.figures ?? [];
  const alarms = [...slots].flatMap(([slot, figures]) => {
    const pausedBy = observed.state.capture.paused.find((one) => one.slot === slot)?.by ?? null;
    const values = valuesOf(figures);
    return [
      ...judgeSentinels(observed.state, slot, values),
      ...judgeOne({slot, pausedBy, guards}, values),
      ...judgeBehind(observed, slot, reading.figures),
    ];
  });
  // From the hand-over on the source applies what is written on the target.
  if (!isTurnedRound(observed.state)) return alarms;
  return alarms.map((one) => ({...one, seen: mirroredWords(one.seen), remedy: mirroredWords(one.remedy)}));
};

/** Longer than it takes to begin the way that leads back, and until what was read while it was disabled is read anew. */
const TURNING_MS = 60_000;

function isTurning({state, nowMs}: Observed): boolean {
  const {cutover = null} = latestCutover(state) ?? {};
  if (cutover === null) return false;
  const {stoppingAt, handedOverAt, goneBack} = cutover;
  if (isCutoverUnderWay(cutover)) return stoppingAt !== null;
  // One that has not come to the stop of writes has left change capture as it was.
  const endedAt = goneBack === null ? handedOverAt : stoppingAt && goneBack.at;
  return endedAt !== null && nowMs < msOf(endedAt) + TURNING_MS;
}

/** A slot, and what is known of it beside its figures. */
interface Captured {
  readonly slot: string;
  /** Who has paused it; null where nobody has. */
  readonly pausedBy: string | null;
  readonly guards: readonly Figure[];
}

type Values = (name: string) => number;

function valuesOf(figures: readonly Figure[]): Values {
  const values = new Map(figures.map(({name, value}) => [name, value]));
  return (name) => values.get(name) ?? 0;
}

function judgeOne({slot, pausedBy, guards}: Captured, value: Values): Alarm[] {
  const alarm = (id: string, severity: Alarm['severity'], words: Pick<Alarm, 'seen' | 'remedy'>): Alarm => ({
    id: `cdc.${id}:${slot}`,
    severity,
    subject: subjectOf(slot),
    ...words,
  });
  if (value('disabled') !== 0) {
    if (pausedBy !== null) return [alarm('paused', 'warning', pausedOf(slot, pausedBy))];
    if (value('disabled_seconds') < STOPPED_SECONDS) return [];
    return [alarm('stopped', 'critical', stoppedOf(slot, value('errors')))];
  }
  if (isCutOff(value, guards)) return [alarm('loop', 'critical', loopOf(slot, value, guards))];
  if (value('down_seconds') >= DOWN_SECONDS) return [alarm('down', 'critical', downOf(slot, value, guards))];
  if (value('blocked_by') !== 0 && value('lag_seconds') >= DOWN_SECONDS) {
    const pid = value('blocked_by');
    const remedy = `ask whose it is and let it end; or on the target, as superuser: SELECT pg_terminate_backend(${pid})`;
    return [alarm('blocked', 'warning', {seen: `its worker waits for a lock of pid ${pid} on the target`, remedy})];
  }
  if (value('quiet_seconds') !== 0) return [alarm('quiet', 'warning', quietOf(slot, value('quiet_seconds')))];
  if (value('hung_seconds') !== 0) return [alarm('hung', 'warning', hungOf(value))];
  if (value('lag_seconds') < LATE_SECONDS) return [];
  const seen = `a sentinel that was written ${formatDuration(value('lag_seconds') * 1000)} ago is not on the target yet`;
  return [alarm('late', 'warning', {seen, remedy: LATE})];
}

/** A subscription that is disabled, or a task that somebody has stopped; and a task of DMS that an error has stopped, which does not go on by itself. */
function stoppedOf(slot: string, errors: number): Pick<Alarm, 'seen' | 'remedy'> {
  if (errors > 0)
    return {
      seen: `what applies it is stopped, after ${counted(errors, 'error')}`,
      remedy: `the target's log says why, or with DMS awsdms_apply_exceptions there and the log of the task: mend that, then: longhaul cdc resume ${slot}`,
    };
  return {
    seen: 'its subscription or its task is stopped, or gone',
    remedy: `if nobody means it to be: longhaul cdc resume ${slot}`,
  };
}

function pausedOf(slot: string, by: string): Pick<Alarm, 'seen' | 'remedy'> {
  return {
    seen: `paused by ${by}: the source keeps what comes`,
    remedy: `longhaul cdc resume ${slot} before the source's disk is full`,
  };
}

/** Nothing is lost by it, and nobody would see any more if something were. */
function quietOf(slot: string, seconds: number): Pick<Alarm, 'seen' | 'remedy'> {
  return {
    seen: `no sentinel was written for ${formatDuration(seconds * 1000)}: nothing tells how late it is, nor whether all arrives`,
    remedy: `see that Longhaul's role may write to table longhaul_cdc.${slot} on the source still: that it owns it, that neither the role nor the database is read-only by default, and that nobody keeps it locked; the log of the source has the error, once a minute`,
  };
}

const LATE =
  'see whether the slot moves at all (slots pane): a large transaction passes by itself, with wal_sender_timeout and wal_receiver_timeout long enough; a source that always writes faster than it is applied wants its tables spread over more slots';

/** What is lost stays lost, and hides nothing of how the slot is by now. */
function judgeSentinels(state: RunState, slot: string, value: Values): Alarm[] {
  const missing = value('sentinels_missing');
  if (missing === 0) return [];
  const compare = 'see who writes to the target; compare the tables of this slot before anything is built on them';
  // Behind the hand-over no table is adopted.
  const mayAdopt = isAdopting(state.claimed) && !isTurnedRound(state);
  return [
    {
      id: `cdc.sentinels:${slot}`,
      severity: 'critical',
      subject: subjectOf(slot),
      seen:
        missing > 0
          ? `${missing} of its sentinels are not on the target, and later ones are: changes are lost`
          : `the target has ${counted(-missing, 'sentinel')} more than the source: somebody has written them there`,
      remedy: mayAdopt
        ? `${compare}, and adopt those that are told; then ${adoptSentinelsOf(slot, state.run)} writes its sentinels anew`
        : compare,
    },
  ];
}

function subjectOf(slot: string): string {
  return `change capture of ${slot}`;
}

function downOf(slot: string, value: Values, guards: readonly Figure[]): Pick<Alarm, 'seen' | 'remedy'> {
  const errors = value('errors');
  return {
    seen: `no worker has applied it for ${formatDuration(value('down_seconds') * 1000)}${errors === 0 ? '' : `; applying has failed ${counted(errors, 'time')}`}${triedOf(slot, guards)}`,
    remedy: `the target's log says why, with table and key: mend that (a row or an index that is in the way; a table or column that is missing, which longhaul drift tells as well), and it goes on by itself within 5 s; where the log says nothing, see that the source is up and takes connections from the target (where password or address are others now: longhaul shutdown; longhaul run; longhaul cdc resume ${slot}); longhaul cdc skip ${slot} shows the transaction with tables and keys, and how to lose that one instead`,
  };
}

/** So many tables are named. */
const NAMED = 3;

/** Where it comes as far as a table: the target counts what was touched there, though it is rolled back. */
function triedOf(slot: string, guards: readonly Figure[]): string {
  const tables = guards.flatMap(({name, of}) => {
    const seen = name === 'tried' ? seenOf(of) : null;
    return seen?.slot === slot && seen.table !== null ? [seen.table] : [];
  });
  if (tables.length === 0) return '';
  const more = tables.length > NAMED ? `, and ${counted(tables.length - NAMED, 'table')} more` : '';
  return `, and what it tries is in ${tables.slice(0, NAMED).join(', ')}${more}`;
}
