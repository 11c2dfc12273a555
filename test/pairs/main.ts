import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatDuration} from '../../src/domain/base/units.ts';
import {tryEveryStatement} from '../pg/statements/try-every.ts';
import {serverBin} from './npm-servers.ts';
import {findOldServer} from './old-server.ts';
import {rehearse} from './rehearse.ts';

const SOURCES = ['9.6', '10', '11', '12', '13', '14', '15', '16', '17', '18'];
const TARGETS = ['12', '13', '14', '15', '16', '17', '18'];
/** Every source and every target once, the oldest to several. */
const USUAL =
  '9.6:12 9.6:15 9.6:18 10:12 10:18 11:13 12:14 13:15 14:16 15:15 15:16 15:17 15:18 16:16 17:17 18:18'.split(' ');
const FULL = SOURCES.flatMap((from) => TARGETS.filter((to) => Number(to) >= Number(from)).map((to) => `${from}:${to}`));
/** Those in which every type travels in binary form as well, where that is the same on both sides. */
const BINARY = ['9.6:15', '10:18', '13:15'];
/** Sources whose large tables are cut by their keys where they travel by copy, as they do to all but one target. */
const CUT_BY_KEYS = new Set(['9.6', '10', '11', '12', '13']);
const WRITTEN = '15';
/** The release of the tools that every machine for this has: Debian 12's. */
const TOOLS = 15;

const HELP = `npm run pairs [-- [PAIR …] [--server RELEASE=BIN] [--tools RELEASE=FOLDER] [--full]]
Phase I from one release to another (9.6:15 15:18) under a live write load, then every statement of src/pg on each release; exit 1 where one fails.
  --server 9.6=BIN   folder of that release's server programs; 9.6 is also found by LONGHAUL_PG96 and beside the repository
  --tools 16=FOLDER  its pg_dump, pg_restore and psql, for sources newer than ${TOOLS}
  --full             every pair instead of the usual ${USUAL.length}`;

/** What was asked for. */
interface Asked {
  readonly pairs: readonly string[];
  readonly servers: ReadonlyMap<string, string>;
  readonly tools: ReadonlyMap<string, string>;
  readonly statements: boolean;
}

function ask(): Asked {
  const several = {type: 'string', multiple: true} as const;
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {server: several, tools: several, full: {type: 'boolean'}, help: {type: 'boolean'}},
  });
  if (values.help === true) throw new Error(HELP);
  const unknown = positionals.filter((pair) => !FULL.includes(pair));
  if (unknown.length > 0) throw new Error(`no such pair: ${unknown.join(' ')}\n${HELP}`);
  return {
    pairs: positionals.length > 0 ? positionals : values.full === true ? FULL : USUAL,
    servers: new Map((values.server ?? []).map((one) => named(one))),
    tools: new Map((values.tools ?? []).map((one) => named(one))),
    statements: positionals.length === 0,
  };
}

function named(text: string): [release: string, folder: string] {
  const [, release = '', folder = ''] = /^([\d.]+)=(.+)$/.exec(text) ?? [];
  if (!existsSync(folder)) throw new Error(`${text}: no RELEASE=FOLDER that is there\n${HELP}`);
  return [release, folder];
}

/** One thing that was tried: no problem is well; skipped says why. */
interface Outcome {
  readonly what: string;
  readonly well: string;
  readonly problems: readonly string[];
  readonly skipped: string | null;
}

async function tryPair(asked: Asked, pair: string): Promise<Outcome> {
  const [from = '', to = ''] = pair.split(':');
  const outcome = {what: pair, well: 'every table equal, by rows and checksum', problems: [], skipped: null};
  const sourceBin = await binOf(asked, from);
  if (sourceBin === null) return {...outcome, skipped: 'no 9.6 here: --server 9.6=BIN or LONGHAUL_PG96'};
  const toolsBin = toolsFor(asked, from);
  if (toolsBin === null) return {...outcome, skipped: `no pg_dump of ${from} here: --tools ${from}=FOLDER`};
  const targetBin = (await binOf(asked, to)) ?? '';
  const tools = toolsBin === '' ? {} : {toolsBin};
  const method = CUT_BY_KEYS.has(from) && to !== WRITTEN ? {method: 'copy'} : {};
  const written = await rehearse({sourceBin, targetBin, ...tools, ...method, hostile: true});
  if (!BINARY.includes(pair) || written.length > 0) return {...outcome, problems: written};
  const binary = {method: 'binary', everyType: true, hostile: false};
  return {
    ...outcome,
    well: `${outcome.well}, by binary COPY as well`,
    problems: await rehearse({sourceBin, targetBin, ...tools, ...binary}),
  };
}

async function binOf({servers}: Asked, release: string): Promise<string | null> {
  return servers.get(release) ?? (release === '9.6' ? findOldServer() : await serverBin(release));
}

/** Empty where the machine's own do. */
function toolsFor({tools}: Asked, from: string): string | null {
  const given = tools.get(from);
  if (given !== undefined) return given;
  if (Number(from) <= TOOLS) return '';
  const debian = `/usr/lib/postgresql/${from}/bin`;
  return existsSync(join(debian, 'pg_dump')) ? debian : null;
}

async function tryStatements(asked: Asked, release: string): Promise<Outcome> {
  const bin = await binOf(asked, release);
  const what = `statements on ${release}`;
  if (bin === null) return {what, well: '', problems: [], skipped: 'no 9.6 here'};
  const {ran, failed} = await tryEveryStatement(bin);
  return {what, well: `${ran} ran`, problems: failed, skipped: null};
}

async function main(asked: Asked): Promise<void> {
  const startedAt = Date.now();
  const outcomes: Outcome[] = [];
  const tell = (outcome: Outcome): void => {
    outcomes.push(outcome);
    const {what, well, problems, skipped} = outcome;
    const how = skipped === null ? (problems.length === 0 ? well : 'FAILED') : `skipped: ${skipped}`;
    console.log(`${what.padEnd(8)} ${how}`);
    for (const problem of problems) console.log(`  ${problem}`);
  };
  for (const pair of asked.pairs) tell(await tryPair(asked, pair));
  if (asked.statements) for (const release of SOURCES) tell(await tryStatements(asked, release));
  const failed = outcomes.filter(({problems}) => problems.length > 0);
  const skipped = outcomes.filter((one) => one.skipped !== null);
  const well = outcomes.length - failed.length - skipped.length;
  const names = (list: readonly Outcome[]): string =>
    list.length === 0 ? '' : ` (${list.map(({what}) => what).join(', ')})`;
  console.log(
    `${well} well, ${failed.length} failed${names(failed)}, ${skipped.length} skipped${names(skipped)} in ${formatDuration(Date.now() - startedAt)}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

try {
  await main(ask());
} catch (error) {
  // What was asked for wrongly; everything else is a failed pair.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
