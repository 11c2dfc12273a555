import {readdirSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {OWN_TESTS} from './extras.ts';
import {parseHeader} from './header.ts';
import {readHeaderLine, tryCase, type Case, type Outcome} from './try-case.ts';

/**
 * `npm run cases -- FOLDER [--from VERSION] [--to VERSION] [--unit SIZE] [--full] [--only WORD]`: each SQL file into a fresh source, then check, plan
 * and all of Phase I, by pg_dump or in units of this size by `auto`; a line a file. Exit 1 where something is lost or differs that nobody had said, or where a run stopped and no finding had.
 */
async function main(): Promise<void> {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {
      from: {type: 'string', default: '15'},
      to: {type: 'string', default: '15'},
      unit: {type: 'string'},
      full: {type: 'boolean', default: false},
      only: {type: 'string', default: ''},
    },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    console.error(
      'usage: npm run cases -- FOLDER [--from VERSION] [--to VERSION] [--unit SIZE] [--full] [--only WORD]',
    );
    process.exitCode = 2;
    return;
  }
  const paths = readdirSync(resolve(folder))
    .filter((name) => name.endsWith('.sql') && name.includes(values.only))
    .toSorted()
    .map((name) => join(resolve(folder), name));
  const told: Outcome[] = [];
  for (const path of paths) {
    const name = basename(path, '.sql');
    const began = Date.now();
    const outcome = await outcomeOf(path, name, values);
    told.push(outcome);
    const words = outcome.words.replaceAll(/[\n\r\t]+/g, ' ');
    console.log(`${name}: ${outcome.result} (${Math.round((Date.now() - began) / 1000)} s) | ${words}`);
  }
  console.log(summarise(told));
  process.exitCode = told.length === 0 || told.some(({result}) => result === 'FAILED') ? 1 : 0;
}

async function outcomeOf(
  path: string,
  name: string,
  {from, to, unit, full}: {from: string; to: string; unit?: string | undefined; full: boolean},
): Promise<Outcome> {
  const own = OWN_TESTS[name];
  if (own !== undefined)
    return {result: 'skipped', words: `it needs a second session, a kill or several commands: ${own}`};
  try {
    const header = parseHeader(await readHeaderLine(path));
    const units = header.unit ?? unit ?? null;
    const one: Case = {name, path, header, from: header.from ?? from, to, unit: units, full};
    return await tryCase(one);
  } catch (error) {
    return {result: 'FAILED', words: error instanceof Error ? error.message : String(error)};
  }
}

const RESULTS: readonly Outcome['result'][] = [
  'equal',
  'stopped as told',
  'told by the run',
  'skipped',
  'left out',
  'FAILED',
];

function summarise(told: readonly Outcome[]): string {
  const counts = RESULTS.map((result) => [told.filter((one) => one.result === result).length, result] as const);
  return `${told.length} files: ${
    counts
      .filter(([count]) => count > 0)
      .map(([count, result]) => `${count} ${result}`)
      .join(', ') || 'none'
  }`;
}

await main();
