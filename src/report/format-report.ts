import {describeBoundary, isBoundaryLost} from '../domain/pg/hand-over.ts';
import {describeEvent} from '../domain/run/describe-event.ts';
import type {KnownDifference} from '../domain/run/difference.ts';
import type {JournalEntry} from '../domain/run/event.ts';
import type {JsonObject} from '../domain/base/json.ts';
import {printable} from '../domain/base/printable.ts';
import {formatRelation} from '../domain/pg/relation.ts';
import {reduceAll} from '../domain/run/reduce.ts';
import type {RunState, StepState, UnitState} from '../domain/run/run-state.ts';
import {formatBytes, formatCount, formatDuration} from '../domain/base/units.ts';

/**
 * The run as a document, in Markdown: what was done when, at which P, what was loaded and compared, what was found. For the change
 * request, and for whoever has the next shift. Pure; nothing secret is in a state.
 */
export function formatReport(journal: readonly JournalEntry[], now: {readonly at: string}): string {
  const state = reduceAll(journal);
  const times = stepTimes(journal);
  const sections = [
    `# Longhaul run ${text(state.run ?? 'not begun')}`,
    summary(state, journal, now.at),
    section(
      'Alarms that stand',
      state.alarms.map(
        ({severity, since, subject, seen, remedy}) =>
          `- ${severity} since ${since}: ${text(subject)} ${text(seen)}. ${text(remedy)}`,
      ),
    ),
    section('Steps', [
      '| Step | State | Began | Took | What came of it |',
      '| --- | --- | --- | --- | --- |',
      ...state.steps.map(({id, state: step}) => stepRow(id, step, times.get(id) ?? NEVER)),
    ]),
    section(
      'Load',
      state.units.length === 0
        ? []
        : [
            '| Unit | Size | State | Rows | Took | Attempt |',
            '| --- | --- | --- | --- | --- | --- |',
            ...state.units.map(unitRow),
          ],
    ),
    section(
      'Tables of the units',
      state.units.map((unit) => `- ${unit.id}: ${unit.tables.map((table) => text(formatRelation(table))).join(', ')}`),
    ),
    section('Rows compared', comparison(state)),
    section('Not as on the source', state.differences.flatMap(differenceLines)),
    section(
      'Findings',
      state.findings.map(
        ({severity, subject, seen, remedy}) =>
          `- ${severity}: ${text(subject)}: ${text(seen)}${remedy === '' ? '' : `. ${text(remedy)}`}`,
      ),
    ),
    section(
      'What happened',
      journal.filter(isTold).map((entry) => `- ${entry.at} ${describeEvent(entry).replaceAll('|', '\\|')}`),
    ),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}

/** Made safe for a terminal, and for a cell of a table. */
function text(words: string): string {
  return printable(words).replaceAll('|', '\\|');
}

function summary(state: RunState, journal: readonly JournalEntry[], at: string): string {
  const {boundary} = state;
  return [
    `- Written: ${at}, after event ${state.seq}`,
    `- State: ${state.status}${state.startedAt === null ? '' : `, begun ${state.startedAt}`}`,
    boundary === null
      ? '- P: not captured'
      : `- P: ${text(describeBoundary(state))}; captured ${boundary.capturedAt}, timeline ${boundary.timeline ?? '?'}, system ${boundary.systemIdentifier}`,
    ...(state.boundaryMoved === null || !isBoundaryLost(state)
      ? []
      : [`- P IS LOST: ${text(state.boundaryMoved.message)}. ${text(state.boundaryMoved.remedy)}`]),
    ...(state.boundaryDisproved === null
      ? []
      : [`- P IS NO LONGER PROVED. What to do: ${text(state.boundaryDisproved.remedy)}`]),
    `- Replay of the replica: ${replayWords(journal, state.replayPaused)}`,
    ...(state.claimed.length === 0 ? [] : [`- Made by this run: ${state.claimed.map(text).join(', ')}`]),
  ].join('\n');
}

/** Told elsewhere in the report, or of no use once it is over. */
const UNTOLD: ReadonlySet<JournalEntry['type']> = new Set(['step.progressed', 'finding.seen', 'unit.started']);

function isTold(entry: JournalEntry): boolean {
  return !UNTOLD.has(entry.type) && !(entry.type === 'table.compared' && entry.replicaRows === entry.targetRows);
}

/** When this run paused and resumed replay, the last time that it did: what the replica's owner asks. */
function replayWords(journal: readonly JournalEntry[], isPaused: boolean): string {
  const last = (type: JournalEntry['type']): string | undefined => journal.findLast((entry) => entry.type === type)?.at;
  const paused = last('replay.paused');
  const resumed = last('replay.resumed');
  if (paused === undefined) return isPaused ? 'paused, by somebody else' : 'never paused by this run';
  return resumed === undefined || resumed < paused
    ? `paused since ${paused}`
    : `paused at ${paused}, resumed at ${resumed}`;
}

/** When a step began first, and how long it has worked in all of its attempts: waiting for a word does not count. */
interface StepTime {
  readonly began: string;
  readonly spentMs: number;
}

const NEVER: StepTime = {began: '', spentMs: 0};

/** After these a step does not work. */
const RESTS: ReadonlySet<JournalEntry['type']> = new Set([
  'step.waiting',
  'step.done',
  'step.failed',
  'step.unfinished',
]);

function stepTimes(journal: readonly JournalEntry[]): ReadonlyMap<string, StepTime> {
  const times = new Map<string, StepTime>();
  const open = new Map<string, string>();
  for (const entry of journal) {
    if (!('step' in entry)) continue;
    const before = times.get(entry.step) ?? {began: entry.at, spentMs: 0};
    // One that begins anew without an end had a supervisor that died; its lanes went on.
    if (entry.type === 'step.confirmed' || (entry.type === 'step.started' && !open.has(entry.step)))
      open.set(entry.step, entry.at);
    const since = open.get(entry.step);
    const ended = since !== undefined && RESTS.has(entry.type);
    const spentMs = before.spentMs + (ended ? Date.parse(entry.at) - Date.parse(since) : 0);
    if (ended) open.delete(entry.step);
    times.set(entry.step, {...before, spentMs});
  }
  return times;
}

function stepRow(id: string, state: StepState, time: StepTime): string {
  const cells = (began: string, took: string, what: string): string =>
    `| ${id} | ${state.status} | ${began} | ${took} | ${text(what)} |`;
  const took = formatDuration(time.spentMs);
  switch (state.status) {
    case 'pending':
      return cells('', '', '');
    case 'waiting':
      return cells(time.began, '', `waits since ${state.since}: ${state.question}`);
    case 'running':
      return cells(time.began, '', '');
    case 'skipped':
      return cells('', '', state.reason);
    case 'failed':
      return cells(time.began, took, `${state.failure.message}. ${state.failure.remedy}`);
    case 'done':
      return cells(
        time.began,
        took,
        state.already ? `was already so; ${evidence(state.evidence)}` : evidence(state.evidence),
      );
  }
}

/** A list of fifty slots has its length; all of it is in `longhaul status --json`. */
function evidence(of: JsonObject): string {
  return Object.entries(of)
    .map(([key, value]) => {
      const words = typeof value === 'string' ? value : JSON.stringify(value);
      return `${key} ${words.length > 120 && Array.isArray(value) ? `${value.length} entries` : words}`;
    })
    .join(', ');
}

function unitRow({id, bytes, state}: UnitState): string {
  const cells = (rows: string, time: string, attempt: string): string =>
    `| ${id} | ${formatBytes(bytes)} | ${state.status} | ${rows} | ${time} | ${attempt} |`;
  switch (state.status) {
    case 'queued':
      return cells('', '', '');
    case 'running':
      return cells('', `since ${state.startedAt}`, String(state.attempt));
    case 'committed':
      return cells(formatCount(state.rows), formatDuration(state.tookMs), String(state.attempt));
    case 'failed':
      return cells('', text(state.failure.message), String(state.attempt));
  }
}

function differenceLines({object, differs, why, query, remedy, accepted}: KnownDifference): string[] {
  return [
    `- ${text(`${object} ${differs}${why === '' ? '' : `: ${why}`}`)}`,
    accepted === null ? `  - OPEN: ${text(remedy)}` : `  - accepted by ${text(accepted.by)} at ${accepted.at}`,
    // As it is, for it is to be copied.
    ...(query === null ? [] : [`  - rows: \`${printable(query)}\``]),
  ];
}

function comparison({rowsCompared: {tables, differing}}: RunState): string[] {
  if (tables === 0) return [];
  return [
    `- ${formatCount(tables)} tables counted on replica and target, ${differing.length === 0 ? 'all equal' : `${differing.length} DIFFER`}`,
    ...differing.map((table) => `- differs: ${text(table)}`),
  ];
}
