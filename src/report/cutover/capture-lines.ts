import {counted, formatBytes, formatCount} from '../../domain/base/units.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {whyNotWhole} from '../../domain/run/capture/capture-state.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {inline} from '../markdown.ts';
import {seconds} from './cutover-lines.ts';

/** Change capture: since when, how far it had caught up, what was compared meanwhile, and what keeps the target from being whole; Markdown, none before it has begun. Pure. */
export function captureLines({cdcStarted, capture, again, evidence}: RunState): string[] {
  if (cdcStarted === null) return [];
  const caught = evidence['wait-for-catch-up'];
  return [
    `- Begun: ${cdcStarted.at}, by ${inline(cdcStarted.by)}`,
    ...(caught?.slots ?? []).map(
      ({name, lagBytes, lagSeconds, sentinels}) =>
        `- ${inline(name)}: caught up, ${formatBytes(lagBytes)} and ${seconds(lagSeconds * 1000)} behind; ${counted(sentinels, 'sentinel')}, each once`,
    ),
    ...(again === null ? [] : [againLine(again)]),
    ...(again?.differing ?? []).map((table) => `- differs: ${inline(table)}`),
    ...(again?.leftOut ?? []).map(
      (table) => `- left out of it: ${inline(table)}, which change capture does not bring whole; the cutover copies it`,
    ),
    ...capture.paused.map(({slot, at, by}) => `- ${inline(slot)}: PAUSED since ${at} by ${inline(by)}`),
    ...capture.adopted.map(
      ({table, slot}) => `- ${inline(formatRelation(table))}: taken in meanwhile, into ${inline(slot)}`,
    ),
    ...whyNotWhole(capture).map(({why, remedy}) => `- NOT WHOLE: ${inline(why)}. ${inline(remedy)}`),
  ];
}

function againLine({
  startedAt,
  endedAt,
  how,
  tables,
  done,
  rows,
  differing,
  undecided,
  failure,
}: NonNullable<RunState['again']>): string {
  const way = how === 'fence' ? 'replica and target held at one commit' : 'converging';
  const so = `${formatCount(done.length)} of ${counted(tables, 'table')}, ${counted(rows, 'row')}, ${way}`;
  const left = undecided === 0 ? '' : `, ${counted(undecided, 'row')} undecided`;
  const end =
    failure !== null
      ? `, ended: ${inline(failure.message)}`
      : endedAt === null
        ? ', goes on'
        : differing.length === 0
          ? ', all equal'
          : `, ${formatCount(differing.length)} DIFFER`;
  return `- Compared again at ${startedAt}: ${so}${left}${end}`;
}
