import {formatBytes, formatCount, formatDuration} from '../domain/base/units.ts';
import {formatRelation} from '../domain/pg/relation.ts';
import {tablesOf} from '../domain/run/load-unit.ts';
import type {RunState, UnitState} from '../domain/run/run-state.ts';
import {partOf} from '../domain/run/table-part.ts';
import {headOf, inline, rowOf} from './markdown.ts';

/** Of more units the Markdown has those that are not in, and the largest; the JSON has all. */
const MOST_UNITS = 500;
/** More names than this are not told of one unit. */
const MOST_TABLES = 200;

type Units = Pick<RunState, 'units'>;

/** The units of the load with how far each is; Markdown, none before it was planned. Pure. */
export function loadLines({units}: Units): string[] {
  if (units.length === 0) return [];
  return [
    ...headOf(['Unit', 'Size', 'State', 'Rows', 'Took', 'Attempt']),
    ...shownOf(units).map((unit) => unitRow(unit)),
    ...restOf(units),
    ...withoutMap(units),
  ];
}

/** The rows of a table that is loaded whole are frozen as they come in, on targets from 14 on with a visibility map; those of a range cannot be. */
function withoutMap(units: Units['units']): string[] {
  const cut = tablesOf(units.filter(({id, state}) => state.status === 'committed' && partOf(id) !== null));
  if (cut.length === 0) return [];
  const names = cut.slice(0, MOST_TABLES).map((table) => inline(formatRelation(table)));
  const more = cut.length > names.length ? ` and ${formatCount(cut.length - names.length)} more` : '';
  return [
    '',
    `Loaded in parts, and so without a visibility map before a VACUUM on the target (index-only scans read the heap until then; of a target before 14 that holds for every table): ${names.join(', ')}${more}.`,
  ];
}

/** The tables of each unit; Markdown. Pure. */
export function tablesOfUnits({units}: Units): string[] {
  const lines = shownOf(units).map(({id, tables}) => {
    const names = tables.slice(0, MOST_TABLES).map((table) => inline(formatRelation(table)));
    const rest = tables.length - names.length;
    return `- ${inline(id)}: ${names.join(', ')}${rest === 0 ? '' : ` and ${formatCount(rest)} more: longhaul report --json has all of them`}`;
  });
  return [...lines, ...restOf(units)];
}

function shownOf(units: Units['units']): readonly UnitState[] {
  if (units.length <= MOST_UNITS) return units;
  const open = units.filter(({state}) => state.status === 'failed' || state.status === 'running');
  const others = units.filter((unit) => !open.includes(unit)).toSorted((a, b) => b.bytes - a.bytes);
  return [...open, ...others].slice(0, MOST_UNITS);
}

function restOf(units: Units['units']): string[] {
  const rest = units.length - MOST_UNITS;
  return rest <= 0 ? [] : ['', `And ${formatCount(rest)} smaller ones: longhaul report --json has all of them.`];
}

function unitRow({id, bytes, state}: UnitState): string {
  const cells = (rows: string, time: string, attempt: string): string =>
    rowOf([id, formatBytes(bytes), state.status, rows, time, attempt]);
  switch (state.status) {
    case 'queued':
      return cells('', '', '');
    case 'running':
      return cells('', `since ${state.startedAt}`, String(state.attempt));
    case 'committed':
      return cells(formatCount(state.rows), formatDuration(state.tookMs), String(state.attempt));
    case 'failed':
      return cells('', state.failure.message, String(state.attempt));
  }
}
