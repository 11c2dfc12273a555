import type {Json, JsonObject} from '../domain/base/json.ts';
import {formatDuration} from '../domain/base/units.ts';
import {inline} from './markdown.ts';
import type {Report} from './report-data.ts';

/** More than this of one list goes into the JSON only. */
const MOST_NAMES = 200;
const LONGEST_CELL = 120;

/** A step as a row of the table. Pure. */
export function stepRow({id, state, began, spentMs}: Report['steps'][number]): string {
  const cells = (from: string, took: string, what: string): string =>
    `| ${id} | ${state.status} | ${from} | ${took} | ${inline(what)} |`;
  const from = began ?? '';
  const took = formatDuration(spentMs);
  switch (state.status) {
    case 'pending':
      return cells('', '', '');
    case 'waiting':
      return cells(from, '', `waits since ${state.since}: ${state.question}`);
    case 'running':
      return cells(from, '', '');
    case 'skipped':
      return cells('', '', state.reason);
    case 'failed':
      return cells(from, took, `${state.failure.message}. ${state.failure.remedy}`);
    case 'done':
      return cells(from, took, state.already ? `was already so; ${inWords(state.evidence)}` : inWords(state.evidence));
  }
}

/** A list that is too long for its row, name by name, under its own title. Pure. */
export function listSections(step: string, evidence: JsonObject): string[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    if (!isLong(value)) return [];
    const lines = linesOf(value);
    const shown = lines.slice(0, MOST_NAMES).map((one) => `- ${inline(one)}`);
    const rest = lines.length - shown.length;
    return [
      [
        `### ${step}: ${named(key)}${isList(value) ? ` (${value.length})` : ''}\n`,
        ...shown,
        ...(rest === 0 ? [] : [`- and ${rest} more: longhaul report --json has all of them`]),
      ].join('\n'),
    ];
  });
}

function inWords(evidence: JsonObject): string {
  return Object.entries(evidence)
    .map(
      ([key, value]) =>
        `${named(key)} ${isLong(value) ? `${isList(value) ? `${value.length}, ` : ''}listed below` : written(value)}`,
    )
    .join(', ');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isLong(value: Json): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > LONGEST_CELL;
}

/** A list one by one, and of anything else each part that has something in it; a long list in it one by one as well. */
function linesOf(value: Json): string[] {
  if (isList(value)) return value.map((one) => written(one));
  if (typeof value !== 'object' || value === null) return [written(value)];
  return Object.entries(value)
    .filter(([, one]) => !isList(one) || one.length > 0)
    .flatMap(([key, one]) =>
      isList(one) && isLong(one)
        ? one.map((each) => `${named(key)}: ${written(each)}`)
        : [`${named(key)}: ${written(one)}`],
    );
}

/** `leftOut` → `left out`. */
function named(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Names without quotes and brackets: `a, b`; none is `none`. */
function written(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (!isList(value))
    return Object.entries(value)
      .map(([key, one]) => `${named(key)} ${written(one)}`)
      .join(', ');
  return value.length === 0 ? 'none' : value.map((one) => written(one)).join(', ');
}
