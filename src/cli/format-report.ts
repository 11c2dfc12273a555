import type {JsonObject} from '../domain/json.ts';
import {printable} from '../domain/printable.ts';
import {formatRelation} from '../domain/relation.ts';
import type {RunState, StepState, UnitState} from '../domain/run-state.ts';
import {formatBytes, formatCount, formatDuration} from '../domain/units.ts';

/**
 * The run as a document, in Markdown: what was done when, at which P, what was loaded and compared, what was found. For the change
 * request, and for whoever has the next shift. Pure; nothing secret is in a state.
 */
export function formatReport(state: RunState, now: {readonly at: string}): string {
  const sections = [
    `# Longhaul run ${text(state.run ?? 'not begun')}`,
    summary(state, now.at),
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
      ...state.steps.map(({id, state: step}) => stepRow(id, step)),
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
    section(
      'Findings',
      state.findings.map(
        ({severity, subject, seen, remedy}) =>
          `- ${severity}: ${text(subject)}: ${text(seen)}${remedy === '' ? '' : `. ${text(remedy)}`}`,
      ),
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

function summary(state: RunState, at: string): string {
  const {boundary} = state;
  return [
    `- Written: ${at}, after event ${state.seq}`,
    `- State: ${state.status}${state.startedAt === null ? '' : `, begun ${state.startedAt}`}`,
    boundary === null
      ? '- P: not captured'
      : `- P: ${boundary.lsn}, captured ${boundary.capturedAt}, timeline ${boundary.timeline ?? '?'}, system ${boundary.systemIdentifier}, ${state.boundaryProved ? 'proved against every slot' : 'not proved'}`,
    ...(state.boundaryMoved === null
      ? []
      : [`- P IS LOST: ${text(state.boundaryMoved.message)}. ${text(state.boundaryMoved.remedy)}`]),
    `- Replay of the replica: ${state.replayPaused ? 'paused by this run' : 'not paused by this run'}`,
    ...(state.claimed.length === 0 ? [] : [`- Made by this run: ${state.claimed.map(text).join(', ')}`]),
  ].join('\n');
}

function stepRow(id: string, state: StepState): string {
  const cells = (began: string, time: string, what: string): string =>
    `| ${id} | ${state.status} | ${began} | ${time} | ${text(what)} |`;
  switch (state.status) {
    case 'pending':
      return cells('', '', '');
    case 'waiting':
      return cells(state.since, '', state.question);
    case 'running':
      return cells(state.startedAt, '', '');
    case 'skipped':
      return cells('', '', state.reason);
    case 'failed':
      return cells(state.startedAt, took(state), `${state.failure.message}. ${state.failure.remedy}`);
    case 'done':
      return cells(
        state.startedAt,
        took(state),
        state.already ? `was already so; ${evidence(state.evidence)}` : evidence(state.evidence),
      );
  }
}

function took({startedAt, endedAt}: {readonly startedAt: string; readonly endedAt: string}): string {
  return formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
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

function comparison({rowsCompared: {tables, differing}}: RunState): string[] {
  if (tables === 0) return [];
  return [
    `- ${formatCount(tables)} tables counted on replica and target, ${differing.length === 0 ? 'all equal' : `${differing.length} DIFFER`}`,
    ...differing.map((table) => `- differs: ${text(table)}`),
  ];
}
