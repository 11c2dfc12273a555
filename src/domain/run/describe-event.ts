import {describeAgain, isAgainEntry, type AgainEntry} from './again/again-entry.ts';
import {isBackEvent, type BackEvent} from './back/back-event.ts';
import {describeBack} from './back/describe-back.ts';
import {isCaptureEntry, type CaptureEntry} from './capture/capture-entry.ts';
import {isCutoverEvent, type CutoverEvent} from './cutover/cutover-event.ts';
import {commandWords} from './command.ts';
import type {JournalEntry} from './event.ts';
import {describeCutover} from './cutover/describe-cutover.ts';
import {describeCapture} from './capture/describe-capture.ts';
import {printable} from '../base/printable.ts';
import {describeComparison} from './row-difference.ts';
import {counted, formatBytes, formatDuration, formatLimit} from '../base/units.ts';
import {describeDrift} from './drift/schema-change.ts';

/** An event as one line for people, without its time: `unit 01-events is loaded: 1,200,000 rows, 310 MB in 0:14`. Safe for a terminal. */
export function describeEvent(entry: JournalEntry): string {
  return printable(describe(entry));
}

function describe(entry: JournalEntry): string {
  if (isCutoverEvent(entry)) return describeCutover(entry);
  if (isBackEvent(entry)) return describeBack(entry);
  if (isCaptureEntry(entry)) return describeCapture(entry);
  return isAgainEntry(entry) ? describeAgain(entry) : describeOfRun(entry);
}

function describeOfRun(entry: Exclude<JournalEntry, CutoverEvent | BackEvent | CaptureEntry | AgainEntry>): string {
  switch (entry.type) {
    case 'run.started':
      return `run ${entry.run} begins (longhaul ${entry.version})`;
    case 'run.done':
      return 'the run is done';
    case 'run.stopped':
      return `the run has stopped: ${entry.reason}`;
    case 'run.aborted':
      return `the run was given up by ${entry.by}`;
    case 'supervisor.started':
    case 'supervisor.stopped':
    case 'alarm.raised':
    case 'alarm.cleared':
    case 'schema.drifted':
      return describeSupervisor(entry);
    case 'command.received':
      return `${entry.by} asks: ${commandWords(entry.command)}`;
    case 'objects.claimed':
    case 'objects.returned':
      return `${entry.type === 'objects.claimed' ? 'claims' : 'gives back'} ${entry.objects.join(', ')}`;
    case 'table.compared':
      return describeComparison(entry);
    case 'step.started':
    case 'step.waiting':
    case 'step.confirmed':
    case 'step.done':
    case 'step.failed':
    case 'step.unfinished':
    case 'step.skipped':
    case 'step.progressed':
    case 'finding.seen':
      return describeStep(entry);
    case 'differences.found':
    case 'differences.accepted':
      return describeDifferences(entry);
    case 'replay.paused':
    case 'replay.resumed':
    case 'boundary.captured':
    case 'boundary.proved':
    case 'boundary.disproved':
    case 'cdc.started':
    case 'boundary.moved':
    case 'slots.released':
    case 'load.planned':
    case 'load.resized':
    case 'load.throttled':
    case 'load.held':
    case 'load.released':
      return describeLoad(entry);
    case 'unit.started':
    case 'unit.committed':
    case 'unit.failed':
    case 'unit.paused':
    case 'unit.resumed':
    case 'unit.cancelled':
    case 'unit.retried':
      return describeUnit(entry);
  }
}

function describeSupervisor(
  entry: Extract<JournalEntry, {type: `supervisor.${string}` | `alarm.${string}` | 'schema.drifted'}>,
): string {
  switch (entry.type) {
    case 'supervisor.started':
      return `supervisor ${entry.pid} begins`;
    case 'supervisor.stopped':
      return `the supervisor ended: ${entry.reason}`;
    case 'alarm.raised':
      return `ALARM ${entry.alarm.subject}: ${entry.alarm.seen} (${entry.alarm.remedy})`;
    case 'alarm.cleared':
      return `alarm over: ${alarmWords(entry.id)}`;
    case 'schema.drifted':
      return describeDrift(entry);
  }
}

/** What an alarm was about, by its id: `slot.retained:dms_slot_01` → `slot retained, dms_slot_01`. */
function alarmWords(id: string): string {
  const [kind = '', ...of] = id.split(':');
  const words = kind.replaceAll(/[.-]/g, ' ');
  return of.length === 0 ? words : `${words}, ${of.join(':')}`;
}

function describeDifferences(entry: Extract<JournalEntry, {type: `differences.${string}`}>): string {
  if (entry.type === 'differences.accepted') return `${entry.by} accepts: ${entry.objects.join(', ')}`;
  const {step, differences} = entry;
  if (differences.length === 0) return `${step}: nothing differs any more`;
  return `${step}: ${differences.length} ${differences.length === 1 ? 'differs' : 'differ'}: ${differences.map(({object, differs}) => `${object} ${differs}`).join('; ')}`;
}

function describeStep(entry: Extract<JournalEntry, {type: `step.${string}` | 'finding.seen'}>): string {
  switch (entry.type) {
    case 'step.started':
      return `${entry.step} …`;
    case 'step.waiting':
      return `${entry.step} waits for you: ${entry.question}`;
    case 'step.confirmed':
      return `${entry.step} confirmed by ${entry.by}`;
    case 'step.done':
      return `${entry.step} ${entry.already ? 'is done already' : 'done'}`;
    case 'step.failed':
      return `${entry.step} FAILED: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'step.unfinished':
      return `${entry.step} UNFINISHED, the steps after it go on: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'step.skipped':
      return `${entry.step} skipped: ${entry.reason}`;
    case 'step.progressed':
      return `${entry.step} ${entry.done} of ${entry.total}: ${entry.what}`;
    case 'finding.seen':
      return `${entry.finding.severity}: ${entry.finding.subject}: ${entry.finding.seen}${entry.finding.remedy === '' ? '' : ` (${entry.finding.remedy})`}`;
  }
}

function describeLoad(
  entry: Extract<
    JournalEntry,
    {type: `replay.${string}` | `boundary.${string}` | `load.${string}` | 'cdc.started' | 'slots.released'}
  >,
): string {
  switch (entry.type) {
    case 'replay.paused':
      return `replay paused by ${entry.by}`;
    case 'replay.resumed':
      return `replay resumed by ${entry.by}`;
    case 'boundary.captured':
      return `P is ${entry.boundary.lsn}: the replica stays paused there`;
    case 'boundary.proved':
      return entry.slots?.length === 0 ? 'P is proved' : 'P is proved against every slot';
    case 'boundary.disproved':
      return `P IS NO LONGER PROVED: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'cdc.started':
      return `change capture has begun, says ${entry.by}`;
    case 'boundary.moved':
      return `${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'slots.released':
      return `${entry.by} dropped ${entry.dropped.join(', ')}: P is lost`;
    case 'load.planned':
      return `load of ${counted(entry.units.length, 'unit')} in ${counted(entry.lanes, 'lane')}`;
    case 'load.resized':
      return `${counted(entry.lanes, 'lane')} from now on, says ${entry.by}`;
    case 'load.throttled':
      return `${formatLimit(entry.bytesPerSecond)} for all lanes together from now on, says ${entry.by}`;
    case 'load.held':
      return `no new units: held by ${entry.by}`;
    case 'load.released':
      return `new units again: released by ${entry.by}`;
  }
}

function describeUnit(entry: Extract<JournalEntry, {type: `unit.${string}`}>): string {
  const unit = `unit ${entry.unit}`;
  switch (entry.type) {
    case 'unit.started':
      return `${unit} starts in lane ${entry.lane}${entry.attempt > 1 ? `, attempt ${entry.attempt}` : ''}`;
    case 'unit.committed':
      return `${unit} is loaded: ${counted(entry.rows, 'row')}, ${formatBytes(entry.bytes)} in ${formatDuration(entry.tookMs)}`;
    case 'unit.failed':
      return `${unit} FAILED: ${entry.failure.message}. ${entry.retryAt === null ? `What to do: ${entry.failure.remedy}` : `It is tried again at ${entry.retryAt}`}`;
    case 'unit.paused':
      return `${unit} paused by ${entry.by}`;
    case 'unit.resumed':
      return `${unit} resumed by ${entry.by}`;
    case 'unit.cancelled':
      return `${unit} cancelled by ${entry.by}`;
    case 'unit.retried':
      return `${unit} is tried again, by ${entry.by}`;
  }
}
