import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {Action} from '../../action.ts';
import {byThen, remark, type Later} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {
  compareRest,
  mustBeCopyable,
  mustBeEqual,
  readRestSides,
  type RestCompared,
  type RestSide,
} from './compare-rest.ts';
import {copyObjects, digestOf} from './copy-objects.ts';
import {copyTables} from './copy-tables.ts';
import {divideRest, sumOf} from './choose-way.ts';
import {restDeadline} from './deadline.ts';
import {describeRest, readRest, type Rest, type RestTable} from './read-rest.ts';
import {withRestSessions, type Copying} from './sessions.ts';
import {movesObjects} from './unchanged-objects.ts';

type Found = Omit<Evidence<'copy-the-rest'>, 'tookMs'>;

/** What is done at F, in order; nothing where change capture carries everything. */
export async function planRest(ctx: StepContext, found: Later<Found>): Promise<Action[]> {
  const rest = await readRest(ctx);
  const {compared, left} = divideRest(rest.tables, ctx.state(), ctx.isBack);
  found.set(nothingDone(ctx, left));
  const execute = async (): Promise<void> => found.set(await copyRest(ctx, rest, {compared, left}));
  const [first, ...others] = showRest(rest, compared);
  return first === undefined ? [] : [{...first, execute}, ...others.map((one) => ({...one, execute: byThen}))];
}

/** What is shown of it. Pure. */
function showRest({objects}: Rest, compared: readonly RestTable[]): Pick<Action, 'on' | 'text'>[] {
  const names = compared.map((one) => describeRest(one));
  const list = names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
  const tables: Pick<Action, 'on' | 'text'>[] =
    names.length === 0
      ? []
      : [
          {
            on: 'source',
            text: remark(`on source and target, every row of ${list}`, 'SELECT count(*), sum(hash) FROM …'),
          },
          {
            on: 'target',
            text: remark(
              'each that differs, in a transaction of its own, by psql from the source; of a large one that differs little only the rows that differ',
              'SET LOCAL session_replication_role = replica; TRUNCATE …; COPY … FROM stdin',
            ),
          },
        ];
  const sum = objects.source + objects.target;
  const large: Pick<Action, 'on' | 'text'>[] =
    sum === 0
      ? []
      : [
          {
            on: 'target',
            text: remark(
              `compares ${objects.source} large objects of the source with ${objects.target}; those that differ are removed and made again, with owner and grants`,
              'SELECT lo_unlink(…); SELECT lo_from_bytea(…)',
            ),
          },
        ];
  return [...tables, ...large];
}

/** Pure. */
function nothingDone(ctx: Pick<StepContext, 'config' | 'isBack'>, left: readonly RestTable[]): Found {
  const names = left.map(({table}) => formatRelation(table));
  // That there is none is looked at again as well.
  const sum = movesObjects(ctx) ? {sum: digestOf([])} : {};
  return {equal: [], copied: [], left: names, objects: {compared: 0, copied: 0, removed: 0, ...sum}};
}

async function copyRest(
  ctx: StepContext,
  {objects}: Rest,
  {compared, left}: {readonly compared: readonly RestTable[]; readonly left: readonly RestTable[]},
): Promise<Found> {
  const nothing = nothingDone(ctx, left);
  const deadline = restDeadline(ctx);
  const {dialect, sides} = await readRestSides(ctx, compared);
  mustBeCopyable(sides);
  return withRestSessions(ctx, dialect, async (sessions) => {
    const tables = await copyDiffering(ctx, sides, {sessions, dialect, deadline});
    const done = objects.source + objects.target === 0 ? nothing.objects : await copyObjects(ctx, sessions, deadline);
    return {...nothing, ...tables, objects: done};
  });
}

async function copyDiffering(
  ctx: StepContext,
  sides: readonly RestSide[],
  working: Copying,
): Promise<Pick<Found, 'equal' | 'copied'>> {
  if (sides.length === 0) return {equal: [], copied: []};
  const total = sides.length;
  await tell(ctx, {done: 0, total, what: 'comparing what change capture does not carry whole'});
  const compared = await compareRest(ctx, sides, working);
  const differing = compared.filter(({differs}) => differs);
  const names = namesOf(differing).join(', ');
  if (names !== '') await tell(ctx, {done: total - differing.length, total, what: `copying ${names} again`});
  const hows = await copyTables(ctx, differing, working);
  const copied: Found['copied'][number][] = [];
  const [pair] = working.sessions.pairs;
  for (const one of differing) {
    if (pair === undefined) break;
    const {rows} = await mustBeEqual(pair, one, working);
    copied.push({table: formatRelation(one.rest.table), how: hows.get(one) ?? 'whole', rows});
  }
  // Equal by now, every row: the last comparison need not read them again. The way back has none.
  if (ctx.isBack === true) return {equal: namesOf(compared.filter(({differs}) => !differs)), copied};
  ctx.final.settle(
    compared.map(({rest, source}) => {
      const {rows} = sumOf(source);
      return {table: formatRelation(rest.table), differs: false, sourceRows: rows, targetRows: rows};
    }),
  );
  return {equal: namesOf(compared.filter(({differs}) => !differs)), copied};
}

async function tell(
  ctx: StepContext,
  at: {readonly done: number; readonly total: number; readonly what: string},
): Promise<void> {
  await ctx.record({type: 'step.progressed', step: 'copy-the-rest', ...at});
}

function namesOf(compared: readonly RestCompared[]): string[] {
  return compared.map(({rest}) => formatRelation(rest.table));
}
