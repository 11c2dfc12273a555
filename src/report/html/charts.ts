import {formatBytes} from '../../domain/base/units.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {seconds} from '../cutover/cutover-lines.ts';
import {
  diskCurves,
  etaCurves,
  lagCurves,
  loadedCurves,
  MOST_SLOTS,
  runwayCurves,
  walCurves,
  walRateCurve,
} from '../measured/curves.ts';
import {diskSeries, soLongBefore} from '../measured/disk-forecast.ts';
import {endForecasts} from '../measured/load-forecast.ts';
import {slowestOf, type LoadedTable} from '../measured/loaded-tables.ts';
import type {Curve} from '../measured/series.ts';
import type {Report} from '../report-data.ts';
import {barsOf, joinBars} from './bars.ts';
import {drawAmounts, drawBars, drawCurves} from './draw.ts';
import {BYTES, BYTES_A_SECOND, DURATION, MINUTES, SECONDS, type Scale} from './scales.ts';
import {stopBars} from './stop-bars.ts';

/** The largest and the slowest tables of this number are drawn. */
const MOST_TABLES = 25;

/** A picture of the page. */
export interface Chart {
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  readonly svg: string;
}

/** A picture before it is drawn; null where there is nothing to be seen. */
type Draft = Omit<Chart, 'svg'> & {readonly svg: string | null};

/** Everything that is drawn of a run: what was done, what was measured, and what was forecast beside what came. Pure. */
export function chartsOf(report: Report, journal: readonly JournalEntry[], readings: readonly Reading[]): Chart[] {
  const bars = joinBars(barsOf(journal, Date.parse(report.writtenAt)));
  const all: Draft[] = [
    {
      title: 'Timeline',
      caption: 'Steps in their order, then the lanes of the load. Grey: waited for a word. Red: failed. Times are UTC.',
      svg: bars.length === 0 ? null : drawBars(bars),
    },
    ...stopCharts(report),
    ...loadCharts(report, journal, readings),
    ...sourceCharts(readings),
    ...diskSeries(readings).map((series) => ({
      title: `Free on the disk of the ${series.server}`,
      caption: `Beside what came: what the forecast of ${soLongBefore(series.aheadMs)} had said of each moment, its likely figure and the ends of its range. Alarms go by the least.`,
      svg: drawCurves(diskCurves(series), BYTES),
    })),
    {
      title: "The source's disk would be full in",
      caption: 'As it was forecast at each moment: the likely figure, and the earliest.',
      svg: curvesOrNone(runwayCurves(readings), MINUTES),
    },
  ];
  return all.flatMap(({svg, ...chart}) => (svg === null ? [] : [{...chart, svg}]));
}

/** A picture for every write stop: what nobody could write for. */
function stopCharts({cutovers}: Report): Draft[] {
  return cutovers.flatMap((stop, at) => {
    const bars = stopBars(stop);
    if (bars.length === 0) return [];
    const title = `Write stop${cutovers.length === 1 ? '' : ` ${at + 1}, ${stop.what === 'back' ? 'way back' : 'cutover'}`}`;
    const caption = `${seconds(stop.stoppedMs ?? 0)}, ${stop.end}. Seconds from the first refused write; grey: the wait for one slot. Begun ${stop.begunAt}.`;
    return [{title, caption, svg: drawBars(bars, 'seconds')}];
  });
}

function loadCharts({tables}: Report, journal: readonly JournalEntry[], readings: readonly Reading[]): Draft[] {
  return [
    {
      title: 'Loaded',
      caption:
        'Bytes of the units that are in, as they went down the pipelines; and with what is under way, as the heap of the source has it.',
      svg: curvesOrNone(loadedCurves(journal, readings), BYTES),
    },
    {
      title: 'Time left',
      caption: 'What was forecast at each moment (dashed), beside what it took from then on.',
      svg: curvesOrNone(etaCurves(endForecasts(readings, journal)), MINUTES),
    },
    {
      title: 'Largest tables',
      caption: `The ${MOST_TABLES} with the most bytes, and how fast a lane brought them.`,
      svg: tablesOrNone(tables.slice(0, MOST_TABLES), 'bytes', BYTES),
    },
    {
      title: 'Slowest tables',
      caption: `The ${MOST_TABLES} that took lanes the longest, all parts of a table together.`,
      svg: tablesOrNone(slowestOf(tables, MOST_TABLES), 'tookMs', DURATION),
    },
  ];
}

function tablesOrNone(tables: readonly LoadedTable[], amount: 'bytes' | 'tookMs', scale: Scale): string | null {
  if (tables.length === 0) return null;
  const amounts = tables.map((one) => ({
    name: one.name,
    amount: one[amount],
    label: labelOf(one, scale.value(one[amount])),
  }));
  return drawAmounts(amounts, scale);
}

function labelOf({bytesPerSecond}: LoadedTable, amount: string): string {
  return bytesPerSecond === null ? amount : `${amount}, ${formatBytes(bytesPerSecond)}/s`;
}

function sourceCharts(readings: readonly Reading[]): Draft[] {
  return [
    {
      title: 'WAL kept by the slots',
      caption: `On the source's disk, for each slot of this run; of more than ${MOST_SLOTS} those that kept most.`,
      svg: curvesOrNone(walCurves(readings), BYTES),
    },
    {
      title: 'WAL written by the source',
      caption: 'In a second, the mean of each stretch of time.',
      svg: curvesOrNone(walRateCurve(readings), BYTES_A_SECOND),
    },
    {
      title: 'Change capture behind',
      caption: `How old the last commit is that has arrived, for each slot; of more than ${MOST_SLOTS} those that were furthest behind.`,
      svg: curvesOrNone(lagCurves(readings, 'lag_seconds'), SECONDS),
    },
    {
      title: 'WAL that is not applied yet',
      caption: `For each slot; of more than ${MOST_SLOTS} those that were furthest behind.`,
      svg: curvesOrNone(lagCurves(readings, 'lag_bytes'), BYTES),
    },
  ];
}

function curvesOrNone(lines: readonly Curve[], scale: Scale): string | null {
  return lines.length === 0 ? null : drawCurves(lines, scale);
}
