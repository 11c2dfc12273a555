import {formatRelation} from '../../../domain/pg/relation.ts';
import {isCutOff} from '../../../domain/reading/lane-alarm.ts';
import type {WorkPiece} from '../../../domain/ends/work.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {counted, formatBytes, formatCount, formatDuration} from '../../../domain/base/units.ts';
import {screenText} from '../../screen/screen-text.ts';
import type {ConsoleState} from '../../store/console-store.ts';
import {type Detail, type Fact, fact} from '../../view-model/facts.ts';
import {dayAndMinute} from '../../view-model/iso-time.ts';
import {type LaneRow, laneRow} from '../../view-model/lane-rows.ts';
import {unitReading} from '../../view-model/readings.ts';
import {formatAhead} from '../../view-model/span-of-time.ts';
import {pieceEtaMs, piecesNow} from '../../view-model/work.ts';
import {unitTitle} from '../../view-model/unit-title.ts';

/** Everything that is known of a unit. */
export function laneDetail({live, nowMs}: ConsoleState, id: string): Detail {
  const piece = piecesNow(live).find(({name}) => `work:${name}` === id);
  if (piece !== undefined) return {title: screenText(piece.name), facts: pieceFacts(piece)};
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

function pieceFacts(piece: WorkPiece): Fact[] {
  const {table, bytes, startedAt, share, phase} = piece;
  const told =
    share === null
      ? 'the server does not tell'
      : `${Math.floor(share * 100)} %, ${formatAhead(pieceEtaMs(piece))} left`;
  return [
    ...(table === '' ? [] : [fact('table', table)]),
    fact('reads', `${formatBytes(bytes)}, heap and TOAST`),
    fact('began', `${dayAndMinute(startedAt)} UTC`),
    ...(phase === null ? [] : [fact('phase', phase)]),
    fact('done', told),
  ];
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
        fact('loaded', `${counted(state.rows, 'row')}, ${formatBytes(state.bytes)} in ${formatDuration(state.tookMs)}`),
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
