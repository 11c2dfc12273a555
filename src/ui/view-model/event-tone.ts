import {isAgainEntry, type AgainEntry} from '../../domain/run/again/again-entry.ts';
import {isCaptureEntry, type CaptureEntry} from '../../domain/run/capture/capture-entry.ts';
import {isBackEvent, type BackEvent} from '../../domain/run/back/back-event.ts';
import {isCutoverEvent, type CutoverEvent} from '../../domain/run/cutover/cutover-event.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import type {Alarm} from '../../domain/reading/alarm.ts';
import type {Finding} from '../../domain/run/finding.ts';
import type {Tone} from '../screen/span.ts';

const CUTOVER_TONES: Readonly<Record<CutoverEvent['type'], Tone>> = {
  'cutover.begun': 'accent',
  'cutover.stopping': 'warn',
  'cutover.command': 'accent',
  'cutover.triggers-firing': 'accent',
  'cutover.writes-stopped': 'accent',
  'cutover.opening': 'warn',
  'cutover.handed-over': 'good',
  'cutover.comparison-over': 'accent',
  'cutover.visited': 'warn',
  'cutover.gone-back': 'bad',
};

const BACK_TONES: Readonly<Record<BackEvent['type'], Tone>> = {
  'back.begun': 'accent',
  'back.stopping': 'warn',
  'back.command': 'accent',
  'back.writes-stopped': 'accent',
  'back.opening': 'warn',
  'back.handed-over': 'good',
  'back.visited': 'warn',
  'back.gone-back': 'bad',
};

/** How much an event matters, as a tone; its words say it as well. */
export function eventTone(entry: JournalEntry): Tone {
  if (isAgainEntry(entry)) return againTone(entry);
  if (isCaptureEntry(entry)) return captureTone(entry);
  if (isCutoverEvent(entry)) return CUTOVER_TONES[entry.type];
  return isBackEvent(entry) ? BACK_TONES[entry.type] : toneOfRun(entry);
}

function toneOfRun(entry: Exclude<JournalEntry, AgainEntry | CaptureEntry | CutoverEvent | BackEvent>): Tone {
  switch (entry.type) {
    case 'run.done':
    case 'step.done':
    case 'boundary.proved':
    case 'unit.committed':
    case 'alarm.cleared':
      return 'good';
    case 'run.stopped':
    case 'schema.drifted':
    case 'supervisor.stopped':
    case 'step.waiting':
    case 'unit.paused':
    case 'unit.cancelled':
    case 'load.held':
      return 'warn';
    case 'run.aborted':
    case 'step.failed':
    case 'step.unfinished':
    case 'boundary.moved':
    case 'boundary.disproved':
    case 'slots.released':
    case 'unit.failed':
      return 'bad';
    case 'differences.found':
      return entry.differences.length === 0 ? 'good' : 'bad';
    case 'finding.seen':
    case 'alarm.raised':
      return toneOfSeverity('alarm' in entry ? entry.alarm.severity : entry.finding.severity);
    case 'table.compared':
      return entry.replicaRows === entry.targetRows && entry.monthsThatDiffer.length === 0 ? 'good' : 'bad';
    case 'command.received':
    case 'differences.accepted':
    case 'step.confirmed':
    case 'replay.paused':
    case 'replay.resumed':
    case 'boundary.captured':
    case 'cdc.started':
      return 'accent';
    case 'step.progressed':
    case 'step.skipped':
    case 'objects.claimed':
    case 'objects.returned':
    case 'supervisor.started':
      return 'dim';
    case 'run.started':
    case 'step.started':
    case 'load.planned':
    case 'load.resized':
    case 'load.throttled':
    case 'load.released':
    case 'unit.started':
    case 'unit.resumed':
    case 'unit.retried':
      return 'plain';
  }
}

function againTone(entry: AgainEntry): Tone {
  switch (entry.type) {
    case 'again.compared':
      return entry.rowsThatDiffer === undefined ? 'good' : 'bad';
    case 'again.ended':
      return entry.failure === null ? 'good' : 'bad';
    case 'fence.raised':
      return 'warn';
    case 'again.begun':
    case 'fence.lowered':
      return 'accent';
  }
}

function captureTone(entry: CaptureEntry): Tone {
  switch (entry.type) {
    case 'table.adopted':
    case 'comparison.made':
      return 'good';
    case 'cdc.paused':
    case 'tables.gone':
    case 'comparison.owed':
      return 'warn';
    case 'cdc.skipping':
    case 'source.lost':
    case 'table.not-adopted':
      return 'bad';
    case 'tables.uncaptured':
      return entry.tables.length === 0 ? 'good' : 'bad';
    case 'cdc.resumed':
    case 'table.adopting':
      return 'accent';
  }
}

function toneOfSeverity(severity: Alarm['severity'] | Finding['severity']): Tone {
  if (severity === 'blocker' || severity === 'critical') return 'bad';
  return severity === 'warning' ? 'warn' : 'dim';
}
