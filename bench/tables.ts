// npm run bench:tables [-- --full] [--tables N]: a database of many tables, three indexes each, through preflight, inventory, plan and schema on
// a real lab. Prints each figure beside its goal, what the steps took and the longest statements; exit 1 where a goal is missed.
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatCount, formatDuration} from '../src/domain/base/units.ts';
import {startLab} from '../src/lab/lab.ts';
import {findOldServer} from '../test/pairs/old-server.ts';
import {build} from './console/build.ts';
import {type Figure, sumUp, tellFigure} from './figures.ts';
import {prepareServers, writeSeed} from './tables/many-tables.ts';
import {walk, type Walk} from './tables/walk.ts';

const USUAL = 2000;
const FULL = 10_000;
/** With ten thousand tables; fewer have their share, and what does not depend on their number. */
const GOAL_WALK_S = 60;
const GOAL_FIXED_S = 15;
const GOAL_STATEMENT_MS = 5000;
/** For each server: preflight reads the tables once, the inventory once more, and pg_dump is told what to leave out. */
const GOAL_READS = 4;

const {values} = parseArgs({options: {full: {type: 'boolean'}, tables: {type: 'string'}}});
const tables = values.tables === undefined ? (values.full === true ? FULL : USUAL) : Number(values.tables);
if (!Number.isInteger(tables) || tables < 1) throw new Error('npm run bench:tables [-- --full] [--tables N]');

function figuresOf({steps, statements, tableReads}: Walk): Figure[] {
  const seconds = [...steps.values()].reduce((sum, ms) => sum + ms, 0) / 1000;
  const goal = GOAL_FIXED_S + ((GOAL_WALK_S - GOAL_FIXED_S) * tables) / FULL;
  return [
    {name: 'preflight to schema', value: seconds, goal: Math.round(goal), unit: 's'},
    {name: 'longest statement', value: statements[0]?.ms ?? 0, goal: GOAL_STATEMENT_MS, unit: 'ms'},
    ...(['source', 'replica'] as const).map((server) => ({
      name: `reads of all tables, ${server}`,
      value: tableReads.get(server) ?? 0,
      goal: GOAL_READS,
      unit: '',
    })),
  ];
}

function print(done: Walk, figures: readonly Figure[]): void {
  for (const [step, ms] of done.steps) console.log(`  ${step.padEnd(16)}${(ms / 1000).toFixed(1).padStart(8)} s`);
  const cpu = [...done.cpu].map(([server, seconds]) => `${server} ${seconds.toFixed(1)} s`);
  console.log(`  on a CPU: ${cpu.join(', ')}`);
  for (const {server, ms, times, sql} of done.statements.slice(0, 10))
    console.log(
      `  ${String(ms).padStart(6)} ms  ${String(times).padStart(4)} x  ${server.padEnd(7)}  ${sql.slice(0, 110)}`,
    );
  for (const figure of figures) tellFigure(figure);
}

const folder = mkdtempSync(join(tmpdir(), 'lh-tables-'));
const old = findOldServer();
console.log(`${formatCount(tables)} tables, source ${old === null ? 'of this machine: there is no 9.6' : '9.6'}`);
const lab = await startLab({
  folder,
  seed: writeSeed(tables),
  ...(old === null ? {} : {sourceBin: old, targetBin: '/usr/lib/postgresql/15/bin'}),
});
try {
  await prepareServers(lab);
  const done = await walk(lab, build());
  const figures = figuresOf(done);
  print(done, figures);
  sumUp(`${formatCount(tables)} tables`, figures, formatDuration(performance.now()));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await lab.stop();
}
