import type {Json} from '../../domain/base/json.ts';
import type {StepState, UnitState} from '../../domain/run/run-state.ts';
import {isCutOff} from '../../domain/reading/lane-alarm.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {formatBytes, formatCount, formatDuration} from '../../domain/base/units.ts';
import {screenText} from '../screen/screen-text.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Live} from '../store/live.ts';
import type {PaneId} from '../store/pane.ts';
import {dayAndMinute} from '../view-model/iso-time.ts';
import {laneRow, type LaneRow} from './lanes.ts';
import {readingOfSlots, slotsOf, unitReading} from './readings.ts';
import {formatAhead} from '../view-model/span-of-time.ts';
import {storageView} from './storage.ts';
import {unitTitle} from '../view-model/unit-title.ts';
import {eventsView} from './events.ts';

/** One fact of a detail view; an empty label continues the fact above. */
interface Fact {
  readonly label: string;
  readonly text: string;
}

/** Everything that is known of one row. */
export interface DetailView {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Everything that is known of a row of a pane. */
export function detailView({live, nowMs}: ConsoleState, pane: PaneId, id: string): DetailView {
  switch (pane) {
    case 'steps':
      return stepDetail(live, id);
    case 'lanes':
      return laneDetail(live, nowMs, id);
    case 'slots':
      return slotDetail(live, id);
    case 'storage': {
      const row = storageView(live).find((one) => one.id === id);
      return {title: row?.server ?? id, facts: row === undefined ? [] : [fact(row.label, row.value)]};
    }
    case 'events': {
      const row = eventsView(live.events, '').find((one) => one.id === id);
      return {title: `event ${id}`, facts: row === undefined ? [] : [fact(`${row.time} UTC`, row.text)]};
    }
  }
}

function stepDetail(live: Live, id: string): DetailView {
  const facts = live.facts?.steps.find((step) => step.id === id);
  const step = live.run.steps.find((one) => one.id === id);
  const findings = live.run.findings.filter((finding) => finding.step === id);
  return {
    title: screenText(facts?.title ?? id),
    facts: [
      fact('step', id),
      fact('why', facts?.why ?? ''),
      fact('asks', facts?.confirm === 'typed' ? "the run's name, typed" : 'nothing'),
      ...(step === undefined ? [] : stateFacts(step.state)),
      ...findings.flatMap((finding) => [
        fact(finding.severity, `${finding.subject}: ${finding.seen}`),
        ...(finding.remedy === '' ? [] : [fact('  remedy', finding.remedy)]),
      ]),
    ],
  };
}

function stateFacts(state: StepState): Fact[] {
  switch (state.status) {
    case 'pending':
      return [fact('state', 'pending')];
    case 'skipped':
      return [fact('state', `skipped: ${state.reason}`)];
    case 'waiting':
      return [
        fact('state', `waits since ${dayAndMinute(state.since)} UTC`),
        fact('question', state.question),
        ...state.actions.map((action, i) => fact(i === 0 ? 'runs' : '', action)),
      ];
    case 'running':
      return [fact('state', `running since ${dayAndMinute(state.startedAt)} UTC`)];
    case 'failed':
      return [
        fact('state', `failed at ${dayAndMinute(state.endedAt)} UTC`),
        fact('failure', state.failure.message),
        fact('remedy', state.failure.remedy),
      ];
    case 'done':
      return [
        fact('state', `done at ${dayAndMinute(state.endedAt)} UTC${state.already ? ', was already so' : ''}`),
        ...Object.entries(state.evidence).map(([key, value]) => fact(key, jsonText(value))),
      ];
  }
}

function laneDetail(live: Live, nowMs: number, id: string): DetailView {
  const unit = live.run.units.find((one) => one.id === id);
  if (unit === undefined) return {title: screenText(id), facts: []};
  const reading = unitReading(live, id);
  return {
    title: unitTitle(unit),
    facts: [
      fact('unit', unit.id),
      fact('size', `${formatBytes(unit.bytes)} on the source, heap and TOAST`),
      ...unitFacts(unit.state, isCutOff(live.run, id)),
      ...(reading === null
        ? []
        : [
            fact('carried', carriedWords(laneRow(live, unit, nowMs), reading.bytes)),
            ...(reading.rows === null
              ? []
              : [fact('rows', `${formatCount(reading.rows)} of the table that it copies now`)]),
            fact('last line', reading.lastLine ?? ''),
          ]),
      ...unit.tables.map((table, i) => fact(i === 0 ? 'tables' : '', formatRelation(table))),
    ],
  };
}

/** `412 GB through the pipe, 63 %, 112 MB/s, 64 min left`. */
function carriedWords({share, bytesPerSecond, etaMs}: LaneRow, bytes: number): string {
  return [
    `${formatBytes(bytes)} through the pipe`,
    share === null ? '' : `${Math.floor(share * 100)} %`,
    bytesPerSecond === null ? '' : `${formatBytes(bytesPerSecond)}/s`,
    etaMs === null ? '' : `${formatAhead(etaMs)} left`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function unitFacts(state: UnitState['state'], cutOff: boolean): Fact[] {
  switch (state.status) {
    case 'queued':
      return [fact('state', 'queued')];
    case 'running':
      return [
        fact(
          'state',
          `running since ${dayAndMinute(state.startedAt)} UTC, lane ${state.lane}, attempt ${state.attempt}`,
        ),
        ...(state.paused === null
          ? []
          : [
              fact(
                'paused',
                `since ${dayAndMinute(state.paused.since)} UTC by ${state.paused.by}; ${cutOff ? 'CUT OFF by the target, it can only begin again: r' : 'xmin, snapshot and connections are held'}`,
              ),
            ]),
        fact('folder', state.folder),
      ];
    case 'committed':
      return [
        fact('state', `committed at ${dayAndMinute(state.endedAt)} UTC`),
        fact(
          'loaded',
          `${formatCount(state.rows)} rows, ${formatBytes(state.bytes)} in ${formatDuration(state.tookMs)}`,
        ),
      ];
    case 'failed':
      return [
        fact('state', `failed at ${dayAndMinute(state.failedAt)} UTC, attempt ${state.attempt}`),
        fact(
          'cause',
          `${state.failure.cause}${state.failure.sqlstate === null ? '' : `, SQLSTATE ${state.failure.sqlstate}`}`,
        ),
        fact('message', state.failure.message),
        fact('remedy', state.failure.remedy),
        fact('again', state.retryAt === null ? 'when you press R' : `by itself at ${state.retryAt.slice(11, 19)} UTC`),
      ];
  }
}

function slotDetail(live: Live, name: string): DetailView {
  const slot = slotsOf(live).find((one) => screenText(one.name) === name);
  if (slot === undefined) return {title: name, facts: [fact('seen', 'not any more')]};
  return {
    title: name,
    facts: [
      fact('slot', slot.name),
      fact('kind', `${slot.kind}${slot.plugin === null ? '' : `, ${slot.plugin}`}`),
      fact('database', slot.database ?? '-'),
      fact('ours', slot.ours ? 'made by this run' : 'not ours: watched, never touched'),
      fact('active', slot.active ? 'yes, somebody reads it' : 'no'),
      fact('retained', formatBytes(slot.retainedBytes)),
      fact('restart', slot.restartLsn ?? '-'),
      fact('confirmed', slot.confirmedFlushLsn ?? '-'),
      fact('WAL now', readingOfSlots(live)?.currentLsn ?? '-'),
      fact('wal_status', slot.walStatus ?? 'not told before 13'),
      fact('safe WAL', slot.safeWalBytes === null ? 'no limit, or not told' : formatBytes(slot.safeWalBytes)),
      fact('invalid', slot.invalidationReason ?? 'no'),
    ],
  };
}

function fact(label: string, text: string): Fact {
  return {label: screenText(label), text: screenText(text)};
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
