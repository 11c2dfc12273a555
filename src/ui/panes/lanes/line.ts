import {counted, formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {bar} from '../../screen/chart.ts';
import {type Line, type Tone, span} from '../../screen/span.ts';
import type {Symbols} from '../../screen/symbols.ts';
import {clipMiddle, padEnd, padStart} from '../../screen/width.ts';
import type {LaneRow} from '../../view-model/lane-rows.ts';
import {formatAhead} from '../../view-model/span-of-time.ts';
import type {Column} from '../pane.ts';

/** The columns of a lane in one line: sign, name, bar, rate, what is left; as wide for every lane, so that figures are in columns. */
export function laneColumns(width: number): readonly Column<LaneRow>[] {
  const nameWidth = Math.max(12, Math.min(32, Math.floor(width * 0.24)));
  const barWidth = Math.max(0, Math.min(40, width - nameWidth - 44));
  return [
    {width: 2, cell: ({status}, {symbols}) => span(laneSign(status, symbols), laneTone(status))},
    {
      width: null,
      cell: (row, {symbols}) => {
        const room = hasBar(row) ? nameWidth : row.table === '' ? width - WORK_WIDTH : nameWidth + barWidth;
        return [
          span(`${padEnd(clipMiddle(row.title, room), room)} `, nameTone(row)),
          ...laneRest(row, barWidth, symbols),
        ];
      },
    },
  ];
}

/** The sign, and `  12 GB  for 1:02:41` with a blank before it. */
const WORK_WIDTH = 24;

/** A piece of which nobody tells the share has the cells of its bar for its name: two parts of a table differ at the end. */
function hasBar({status, share}: LaneRow): boolean {
  return status !== 'working' || share !== null;
}

function nameTone({status}: LaneRow): Tone {
  return status === 'queued' || status === 'committed' ? 'dim' : 'plain';
}

function laneRest(row: LaneRow, barWidth: number, symbols: Symbols): Line {
  switch (row.status) {
    case 'working':
      return [
        ...(row.share === null
          ? []
          : [span(bar(row.share, barWidth, symbols), laneTone(row.status)), span(padStart(percent(row.share), 5))]),
        span(workText(row)),
      ];
    case 'queued':
      return [span(`queued  ${formatBytes(row.leftBytes)}`, 'dim')];
    case 'committed':
      return [span(`committed${row.rows === null ? '' : `  ${counted(row.rows, 'row')}`}`, 'dim')];
    case 'failed':
      return [span(failureText(row), 'bad')];
    case 'paused':
    case 'running':
      // No bar: how far it came is of no use until it is known how it ended.
      if (row.unseen !== null) return [span(row.unseen, 'warn')];
      return [
        span(bar(row.share ?? 0, barWidth, symbols), laneTone(row.status)),
        span(padStart(percent(row.share), 5)),
        ...(row.status === 'paused' ? [span(pausedText(row), row.cutOff ? 'bad' : 'warn')] : runningFigures(row)),
      ];
  }
}

function runningFigures(row: LaneRow): Line {
  return [
    span(padStart(rate(row.bytesPerSecond), 10), rateTone(row)),
    span(padStart(`${formatBytes(row.leftBytes)} left`, 13)),
    span(padStart(formatAhead(row.etaMs), 11)),
  ];
}

/** `  3 min left  scanning  on users`; a piece of which nobody tells the share, `12 GB  for 0:41`, `12 GB  held`. */
function workText({phase, share, leftBytes, etaMs, table, workedMs}: LaneRow): string {
  const on = table === '' ? '' : `  on ${table}`;
  const since = `for ${formatDuration(workedMs)}`;
  if (share === null)
    return `${leftBytes === 0 ? '' : `${formatBytes(leftBytes)}  `}${phase === '' ? since : phase}${on}`;
  const verb = phase.replace(/ (table|live tuples|tuples in tree)$/, '');
  return `  ${etaMs === null ? since : `${formatAhead(etaMs)} left`}  ${verb}${on}`;
}

/** A lane that runs and carries nothing waits for something: a lock, a disk, a network. */
export function rateTone(row: LaneRow): Tone {
  return row.status === 'running' && row.bytesPerSecond === 0 ? 'warn' : 'plain';
}

/** Why it failed and when it is tried again: `failed: connection lost (again in 30 s)`. */
export function failureText(row: LaneRow): string {
  const soon = row.retryInMs === null ? '' : row.held ? 'again after H' : againWhen(row, row.retryInMs);
  const again = row.boundaryLost ? 'C takes a new P' : soon === '' ? 'R retries' : soon;
  return `failed (${again}): ${row.failure ?? ''}`;
}

/** A time that is over, while nothing can begin, is none. */
function againWhen({awaits}: LaneRow, inMs: number): string {
  return awaits === null ? `again in ${formatAhead(inMs)}` : `again once the ${awaits} answers`;
}

/** What a paused lane keeps held: `  paused 0:12  xmin held`; or that it keeps it for nothing. */
function pausedText(row: LaneRow): string {
  return `  paused ${formatDuration(row.pausedMs)}  ${row.cutOff ? 'CUT OFF: r' : 'xmin held'}`;
}

/** The share as whole percent: `63 %`; `?` when unknown. */
export function percent(share: number | null): string {
  return share === null ? '?' : `${Math.floor(share * 100)} %`;
}

/** Bytes per second for people: `112 MB/s`. */
export function rate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '? MB/s' : `${formatBytes(bytesPerSecond)}/s`;
}

/** The sign of a lane's status. */
export function laneSign(status: LaneRow['status'], symbols: Symbols): string {
  switch (status) {
    case 'queued':
      return symbols.pending;
    case 'committed':
      return symbols.done;
    case 'working':
      return symbols.running;
    case 'running':
    case 'paused':
    case 'failed':
      return symbols[status];
  }
}

/** The tone of a lane's status. */
export function laneTone(status: LaneRow['status']): Tone {
  switch (status) {
    case 'queued':
      return 'dim';
    case 'committed':
      return 'good';
    case 'working':
    case 'running':
      return 'accent';
    case 'paused':
      return 'warn';
    case 'failed':
      return 'bad';
  }
}
