import {formatBytes, formatDuration} from '../../domain/base/units.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import type {Reading} from '../../domain/reading/reading.ts';
import type {JournalEntry} from '../../domain/run/event.ts';
import {seconds} from '../cutover/cutover-lines.ts';
import type {Report} from '../report-data.ts';
import {formatReport} from '../format-report.ts';
import {barsOf} from './bars.ts';
import {type Curve, diskCurves, etaCurves, lagCurves, loadedCurve, runwayCurves, walCurves} from './curves.ts';
import {drawAmounts, drawBars, drawCurves} from './draw.ts';
import {escapeHtml, markupOf} from './markup.ts';
import {stopBars} from './stop-bars.ts';
import {STYLE} from './style.ts';

/** The largest tables of this number are drawn; the rest is in the lists below. */
const MOST_TABLES = 25;

/** What a page is made of beside the report. */
export interface PageSource {
  readonly journal: readonly JournalEntry[];
  /** Oldest first; none where the file is gone. */
  readonly readings: readonly Reading[];
  /** Completes the commands in a text, which are to be copied. */
  readonly complete: (text: string) => string;
}

/** The report as one page that needs no network, browser's script or other file: charts first, then what the Markdown has. Pure. */
export function formatPage(report: Report, {journal, readings, complete}: PageSource): string {
  const title = `Longhaul run ${report.summary.run ?? 'not begun'}`;
  const [first = '', ...others] = complete(formatReport(report)).split(/\n(?=## )/);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing of it may ask a network for anything, whatever a name in the database says.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>`,
    markupOf(first),
    ...chartsOf(report, journal, readings),
    ...others.map((section) => `<section>${markupOf(section)}</section>`),
    '</main></body></html>\n',
  ].join('\n');
}

interface Chart {
  readonly title: string;
  /** What one sees, for who does not; and how to read it. */
  readonly caption: string;
  readonly svg: string | null;
}

/** A picture for every write stop: what nobody could write for. */
function stopCharts({cutovers}: Report): Chart[] {
  return cutovers.flatMap((stop, at) => {
    const bars = stopBars(stop);
    if (bars.length === 0) return [];
    const title = `Write stop${cutovers.length === 1 ? '' : ` ${at + 1}, ${stop.what === 'back' ? 'way back' : 'cutover'}`}`;
    const caption = `${seconds(stop.stoppedMs ?? 0)}, ${stop.end}. Seconds from the first refused write; grey: the wait for one slot. Begun ${stop.begunAt}.`;
    return [{title, caption, svg: drawBars(bars, 'seconds')}];
  });
}

function chartsOf(report: Report, journal: readonly JournalEntry[], readings: readonly Reading[]): string[] {
  const nowMs = Date.parse(report.writtenAt);
  const endMs = report.summary.doneAt === null ? null : Date.parse(report.summary.doneAt);
  const bars = barsOf(journal, nowMs);
  const tables = tableAmounts(report);
  const charts: Chart[] = [
    {
      title: 'Timeline',
      caption: 'Steps in their order, then the lanes of the load. Grey: waited for a word. Red: failed. Times are UTC.',
      svg: bars.length === 0 ? null : drawBars(bars),
    },
    ...stopCharts(report),
    {title: 'Loaded', caption: 'Bytes of the units that are in.', svg: curvesOrNone(loadedCurve(journal), formatBytes)},
    {
      title: 'Minutes left',
      caption: 'What was foretold at each moment, beside what it took.',
      svg: curvesOrNone(etaCurves(readings, endMs), (minutes) => formatMinutes(minutes)),
    },
    {
      title: 'WAL kept by the slots',
      caption: "On the source's disk, for each slot of this run.",
      svg: curvesOrNone(walCurves(readings), formatBytes),
    },
    {
      title: 'Change capture behind',
      caption: 'How old the last commit is that has arrived, for each slot, in seconds.',
      svg: curvesOrNone(lagCurves(readings, 'lag_seconds'), (one) => `${one} s`),
    },
    {
      title: 'WAL that is not applied yet',
      caption: 'For each slot.',
      svg: curvesOrNone(lagCurves(readings, 'lag_bytes'), formatBytes),
    },
    {
      title: 'Free on the disks',
      caption: 'Of each server, as far as it was known.',
      svg: curvesOrNone(diskCurves(readings), formatBytes),
    },
    {
      title: "The source's disk would be full in",
      caption: 'As it was foretold at each moment: the likely figure, and the earliest.',
      svg: curvesOrNone(runwayCurves(readings), (minutes) => formatMinutes(minutes)),
    },
    {
      title: 'Units by time',
      caption: `The ${MOST_TABLES} that took longest.`,
      svg: tables.length === 0 ? null : drawAmounts(tables, (ms) => formatDuration(ms)),
    },
  ];
  return charts.flatMap(({title, caption, svg}) =>
    svg === null
      ? []
      : [
          `<section><h2>${title}</h2><figure><div class="chart">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure></section>`,
        ],
  );
}

function curvesOrNone(lines: readonly Curve[], value: (one: number) => string): string | null {
  return lines.length === 0 ? null : drawCurves(lines, value);
}

function tableAmounts({state}: Report): (readonly [string, number])[] {
  return state.units
    .flatMap(({id, state: unit}) => (unit.status === 'committed' ? [[id, unit.tookMs] as const] : []))
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_TABLES);
}
