import type {JournalEntry} from '../../domain/event.ts';
import {formatRelation} from '../../domain/relation.ts';
import {formatBytes, formatCount, formatDuration} from '../../domain/units.ts';
import type {Tone} from '../screen/span.ts';

/** What happened, in words, and how much it matters. */
export interface EventText {
  readonly text: string;
  readonly tone: Tone;
}

type Of<T extends JournalEntry['type']> = Extract<JournalEntry, {type: T}>;
type LoadEvent = Of<'load.planned' | 'load.held' | 'load.released' | 'table.compared'> | Of<UnitEventType>;
type UnitEventType = Extract<JournalEntry['type'], `unit.${string}`>;
type StepEvent = Of<Extract<JournalEntry['type'], `step.${string}` | 'finding.seen'>>;
type BoundaryEvent = Of<Extract<JournalEntry['type'], `replay.${string}` | `boundary.${string}`>>;
type RunEvents = Exclude<JournalEntry, LoadEvent | StepEvent | BoundaryEvent>;

/** An event for people. Text from servers is in it as it came. */
export function eventText(entry: JournalEntry): EventText {
  switch (entry.type) {
    case 'step.started':
    case 'step.waiting':
    case 'step.confirmed':
    case 'step.done':
    case 'step.failed':
    case 'step.skipped':
    case 'step.progressed':
    case 'finding.seen':
      return stepText(entry);
    case 'replay.paused':
    case 'replay.resumed':
    case 'boundary.captured':
    case 'boundary.proved':
    case 'boundary.moved':
      return boundaryText(entry);
    case 'load.planned':
    case 'load.held':
    case 'load.released':
    case 'unit.started':
    case 'unit.committed':
    case 'unit.failed':
    case 'unit.paused':
    case 'unit.resumed':
    case 'unit.cancelled':
    case 'unit.retried':
    case 'table.compared':
      return loadText(entry);
    default:
      return runText(entry);
  }
}

function runText(entry: RunEvents): EventText {
  switch (entry.type) {
    case 'run.started':
      return say(`run ${entry.run} started, longhaul ${entry.version}`, 'strong');
    case 'run.done':
      return say('run done', 'good');
    case 'run.stopped':
      return say(`run stopped: ${entry.reason}`, 'warn');
    case 'run.aborted':
      return say(`run aborted by ${entry.by}`, 'bad');
    case 'supervisor.started':
      return say(`supervisor started, pid ${entry.pid}`, 'dim');
    case 'supervisor.stopped':
      return say(`supervisor stopped: ${entry.reason}`, 'warn');
    case 'command.received':
      return say(`${entry.by}: ${commandText(entry.command)}`, 'accent');
    case 'objects.claimed':
      return say(`claimed ${entry.objects.join(', ')}`, 'dim');
    case 'alarm.raised':
      return say(
        `alarm: ${entry.alarm.subject} ${entry.alarm.seen}`,
        entry.alarm.severity === 'critical' ? 'bad' : 'warn',
      );
    case 'alarm.cleared':
      return say(`alarm over: ${entry.id}`, 'good');
  }
}

function stepText(entry: StepEvent): EventText {
  switch (entry.type) {
    case 'step.started':
      return say(`${entry.step} started`);
    case 'step.waiting':
      return say(`${entry.step} waits for the operator: ${entry.question}`, 'warn');
    case 'step.confirmed':
      return say(`${entry.step} confirmed by ${entry.by}`, 'accent');
    case 'step.done':
      return say(`${entry.step} done${entry.already ? ', was already so' : ''}`, 'good');
    case 'step.failed':
      return say(`${entry.step} failed: ${entry.failure.message}`, 'bad');
    case 'step.skipped':
      return say(`${entry.step} skipped: ${entry.reason}`, 'dim');
    case 'step.progressed':
      return say(`${entry.step} ${entry.done} of ${entry.total}: ${entry.what}`, 'dim');
    case 'finding.seen': {
      const {severity, subject, seen} = entry.finding;
      return say(
        `${severity}: ${subject}: ${seen}`,
        severity === 'blocker' ? 'bad' : severity === 'warning' ? 'warn' : 'dim',
      );
    }
  }
}

function boundaryText(entry: BoundaryEvent): EventText {
  switch (entry.type) {
    case 'replay.paused':
      return say(`replay paused by ${entry.by}`, 'accent');
    case 'replay.resumed':
      return say(`replay resumed by ${entry.by}`, 'accent');
    case 'boundary.captured':
      return say(`P is ${entry.boundary.lsn}`, 'strong');
    case 'boundary.proved':
      return say('P proved against every slot', 'good');
    case 'boundary.moved':
      return say(`P HAS MOVED: ${entry.failure.message}`, 'bad');
  }
}

function loadText(entry: LoadEvent): EventText {
  switch (entry.type) {
    case 'load.planned':
      return say(`load planned: ${entry.units.length} units in ${entry.lanes} lanes`);
    case 'load.held':
      return say(`no new units, asked by ${entry.by}`, 'accent');
    case 'load.released':
      return say(`new units again, asked by ${entry.by}`, 'accent');
    case 'table.compared':
      return comparedText(entry);
    case 'unit.started':
      return say(`${entry.unit} started in lane ${entry.lane}, attempt ${entry.attempt}`);
    case 'unit.committed': {
      const figures = `${formatCount(entry.rows)} rows, ${formatBytes(entry.bytes)} in ${formatDuration(entry.tookMs)}`;
      return say(`${entry.unit} committed: ${figures}`, 'good');
    }
    case 'unit.failed':
      return say(`${entry.unit} failed: ${entry.failure.message}`, 'bad');
    case 'unit.paused':
      return say(`${entry.unit} paused by ${entry.by}`, 'warn');
    case 'unit.resumed':
      return say(`${entry.unit} resumed by ${entry.by}`, 'accent');
    case 'unit.cancelled':
      return say(`${entry.unit} cancelled by ${entry.by}`, 'warn');
    case 'unit.retried':
      return say(`${entry.unit} is tried again, asked by ${entry.by}`, 'accent');
  }
}

function comparedText(entry: Of<'table.compared'>): EventText {
  const name = formatRelation(entry.table);
  const equal = entry.replicaRows === entry.targetRows && entry.monthsThatDiffer.length === 0;
  if (equal) return say(`${name}: ${formatCount(entry.targetRows)} rows, equal`, 'good');
  const months = entry.monthsThatDiffer.length === 0 ? '' : `, months ${entry.monthsThatDiffer.slice(0, 3).join(' ')}`;
  return say(
    `${name} DIFFERS: replica ${formatCount(entry.replicaRows)}, target ${formatCount(entry.targetRows)}${months}`,
    'bad',
  );
}

function commandText(command: Of<'command.received'>['command']): string {
  const parts = ['type', 'unit', 'step'].flatMap((key) => (typeof command[key] === 'string' ? [command[key]] : []));
  return parts.join(' ');
}

function say(text: string, tone: Tone = 'plain'): EventText {
  return {text, tone};
}
