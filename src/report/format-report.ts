import {printable} from '../domain/base/printable.ts';
import {counted, formatBytes, formatCount, formatDuration} from '../domain/base/units.ts';
import {formatRelation} from '../domain/pg/relation.ts';
import {describeEvent} from '../domain/run/describe-event.ts';
import type {KnownDifference} from '../domain/run/difference.ts';
import {countWords, describeRow} from '../domain/run/row-difference.ts';
import type {RunState} from '../domain/run/run-state.ts';
import {describeChange} from '../domain/run/drift/schema-change.ts';
import {loadLines, tablesOfUnits} from './units.ts';
import {cutoverSections, stopsInWords} from './cutover/cutover-lines.ts';
import {alarmLines, deedLines, faultLines} from './happened/happened-sections.ts';
import {inline} from './markdown.ts';
import {forecastLines, tableLines} from './measured/measured-sections.ts';
import type {Report, Summary} from './report-data.ts';
import {listSections, stepRow} from './steps.ts';

/**
 * The run as a document, in Markdown: figures and what to do first, then what was done when, at which P, what was loaded and compared,
 * what was found. For the change request, and for whoever has the next shift. Pure.
 */
export function formatReport(report: Report): string {
  const {state, steps, summary} = report;
  const sections = [
    `# Longhaul run ${inline(summary.run ?? 'not begun')}`,
    summaryLines(report),
    section(
      'What now',
      report.whatNow.map((words) => `- ${inline(words)}`),
    ),
    section(
      'Alarms',
      state.alarms.map(
        ({severity, since, subject, seen, remedy}) =>
          `- ${severity} since ${since}: ${inline(subject)} ${inline(seen)}. ${inline(remedy)}`,
      ),
    ),
    section('Steps', [
      '| Step | State | Began | Took | Result |',
      '| --- | --- | --- | --- | --- |',
      ...steps.map((step) => stepRow(step)),
    ]),
    section('The proof of P', report.proof),
    section('Tables by size and time', tableLines(report.tables)),
    section('What was forecast, and what came', forecastLines(report.forecasts)),
    section('Load', loadLines(state)),
    section('Tables of the units', tablesOfUnits(state)),
    section('Rows compared', comparison(report)),
    section('Change capture', report.capture),
    section('Changed on the source since P', driftLines(state)),
    ...cutoverSections(report.cutovers),
    section('Not as on the source', state.differences.flatMap(differenceLines)),
    section(
      'Findings',
      state.findings.map(
        ({severity, subject, seen, remedy}) =>
          `- ${severity}: ${inline(subject)}: ${inline(seen)}${remedy === '' ? '' : `. ${inline(remedy)}`}`,
      ),
    ),
    section('Faults and retries', faultLines(report.faults)),
    section('Alarms that were raised', alarmLines(report.alarmsRaised)),
    section('Who did what', deedLines(report.whoDidWhat)),
    section('Results of the steps', resultsOf(report)),
    section('What happened', happened(report.events)),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`;
}

/** Of more events those of units that came in are left out: the load's table has them. */
const MOST_EVENTS = 2000;

function happened(events: Report['events']): string[] {
  const told = events.length > MOST_EVENTS ? events.filter(({type}) => type !== 'unit.committed') : events;
  const left = events.length - told.length;
  return [
    ...told.map((entry) => `- ${entry.at} ${describeEvent(entry).replaceAll('|', '\\|')}`),
    ...(left === 0 ? [] : [`- and ${counted(left, 'unit')} that came in: longhaul report --json has when`]),
  ];
}

/** What is too long for the table of the steps. */
function resultsOf({steps}: Report): string[] {
  const sections = steps.flatMap(({id, evidence}) => listSections(id, evidence ?? {}));
  return sections.length === 0 ? [] : [sections.join('\n\n')];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}

function summaryLines({writtenAt, afterEvent, summary, state, cutovers}: Report): string {
  const {boundary, boundaryMoved, boundaryDisproved, claimed} = state;
  return [
    `- Written: ${writtenAt}, after event ${afterEvent}`,
    `- State: ${summary.status}${timesOf(summary)}`,
    ...summary.servers.map(
      ({role, name, version}) => `- ${titled(role)}: ${inline(name)}${version === null ? '' : `, ${inline(version)}`}`,
    ),
    boundary === null
      ? '- P: not captured'
      : `- P: ${inline(summary.p?.words ?? boundary.lsn)}; captured ${boundary.capturedAt}, timeline ${boundary.timeline ?? '?'}, system ${boundary.systemIdentifier}`,
    ...(boundaryMoved === null || summary.p?.isLost !== true
      ? []
      : [`- P IS LOST: ${inline(boundaryMoved.message)}. ${inline(boundaryMoved.remedy)}`]),
    ...(boundaryDisproved === null ? [] : [`- P IS NO LONGER PROVED. What to do: ${inline(boundaryDisproved.remedy)}`]),
    ...loadSummary(summary),
    `- Replay of the replica: ${summary.replay.words}${summary.replay.pausedMs === 0 ? '' : ` (${formatDuration(summary.replay.pausedMs)})`}`,
    `- Write stop: ${stopsInWords(cutovers)}`,
    ...(claimed.length === 0 ? [] : [`- Made by this run: ${claimed.map(inline).join(', ')}`]),
  ].join('\n');
}

function titled(role: string): string {
  return `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`;
}

function timesOf({begunAt, doneAt, tookMs}: Summary): string {
  if (begunAt === null) return '';
  return `, begun ${begunAt}${doneAt === null ? '' : `, done ${doneAt}`}, ${formatDuration(tookMs)}`;
}

function loadSummary({load}: Summary): string[] {
  if (load === null) return [];
  const {units, committed, failed, rows, bytes, tookMs, bytesPerSecond} = load;
  const rate = bytesPerSecond === null ? '' : `, ${formatBytes(bytesPerSecond)}/s`;
  const broken = failed === 0 ? '' : `, ${failed} FAILED`;
  return [
    `- Loaded: ${committed} of ${counted(units, 'unit')}${broken}, ${counted(rows, 'row')}, ${formatBytes(bytes)} in ${formatDuration(tookMs)}${rate}`,
  ];
}

function differenceLines({object, differs, why, query, remedy, accepted}: KnownDifference): string[] {
  return [
    `- ${inline(`${object} ${differs}${why === '' ? '' : `: ${why}`}`)}`,
    accepted === null ? `  - OPEN: ${inline(remedy)}` : `  - accepted by ${inline(accepted.by)} at ${accepted.at}`,
    // As it is, for it is to be copied.
    ...(query === null ? [] : [`  - rows: \`${printable(query)}\``]),
  ];
}

/** What no change capture carries, and the target has not followed; and the tables whose rows it has written. */
function driftLines({schemaDrift: {changes, total, filled}}: Pick<RunState, 'schemaDrift'>): string[] {
  const rest = total - changes.length;
  return [
    ...changes.map((one) => `- not followed: ${inline(describeChange(one))}`),
    ...(rest > 0 ? [`- and ${rest} more that are not followed`] : []),
    ...filled.map(({table, how}) => `- rows were written: ${inline(`${formatRelation(table)}: ${how}`)}`),
  ];
}

function comparison({
  state: {rowsCompared},
  events,
}: {
  readonly state: Pick<RunState, 'rowsCompared'>;
  readonly events: Report['events'];
}): string[] {
  const {tables, differing, full = 0} = rowsCompared;
  if (tables === 0) return [];
  const end = differing.length === 0 ? 'all equal' : `${differing.length} DIFFER`;
  const how =
    full === tables
      ? `every row of ${counted(tables, 'table')} compared`
      : `${counted(tables, 'table')} compared, ${full === 0 ? 'by their counts of rows alone' : `${formatCount(full)} of them row by row, the others by their counts`}`;
  return [
    `- ${how}, replica at P and target, ${end}`,
    ...differing.map((table) => `- differs: ${inline(table)}${rowLines(events, table)}`),
  ];
}

/** The rows that the last comparison of the table has named. */
function rowLines(events: Report['events'], table: string): string {
  const last = events.findLast((entry) => entry.type === 'table.compared' && formatRelation(entry.table) === table);
  if (last?.type !== 'table.compared' || last.rowsThatDiffer === undefined) return '';
  const {rowsThatDiffer} = last;
  const rows = rowsThatDiffer.first.map((row) => `\n  - ${inline(describeRow(row))}`);
  return `: ${inline(countWords(rowsThatDiffer))}${rows.join('')}`;
}
