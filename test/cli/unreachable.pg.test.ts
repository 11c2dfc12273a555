import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {toLibpq} from '../../src/config/conninfo/conninfo.ts';
import {loadConfig} from '../../src/config/load.ts';
import {findTools} from '../../src/engine/tools/find-tools.ts';
import {longhaul} from '../support/longhaul.ts';
import {listen, STRANGERS} from '../support/strangers.ts';

const CONNECT_S = 2;

/** A configuration whose servers cannot be reached, each in its own way: a port that says nothing, another program's, and one where nobody listens. */
async function configure(): Promise<{yamlPath: string; folder: string}> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-away-'));
  onTestFinished(async () => rm(folder, {recursive: true, force: true}));
  const {port: silent} = await listen(STRANGERS.nobody());
  const {port: foreign} = await listen(STRANGERS.ssh());
  const yamlPath = join(folder, 'longhaul.yaml');
  const servers = [
    `source: host=127.0.0.1 port=${silent} dbname=app user=ana`,
    `replica: host=127.0.0.1 port=${foreign} dbname=app user=ana connect_timeout=0`,
    'target: host=127.0.0.1 port=1 dbname=app user=ana',
  ];
  await writeFile(
    yamlPath,
    `run: acme\n${servers.join('\n')}\nrun_directory: run\ntimeouts: {connect: ${CONNECT_S}s}\n`,
  );
  return {yamlPath, folder};
}

/** Beside the time-out: to start Node, on a machine that does much else. */
const SMALL_MS = 6_000;

const COMMANDS = [
  [['check'], ['source', 'replica', 'target']],
  [['plan'], ['source', 'replica']],
  [
    ['plan', '--sql'],
    ['source', 'replica', 'target'],
  ],
  [
    ['run', '--plain'],
    ['source', 'replica', 'target'],
  ],
] as const;

test('of servers that cannot be reached, each in another way, every one is named with its remedy, and the command ends', async () => {
  const config = await configure();
  const tried = COMMANDS.map(async ([words, roles]) => {
    const began = performance.now();
    const {code, stdout, stderr} = await longhaul(config, ...words);
    return {words, roles, code, told: stdout + stderr, tookMs: performance.now() - began};
  });
  for (const {words, roles, code, told, tookMs} of await Promise.all(tried)) {
    expect([words, code]).toEqual([words, 3]);
    for (const role of roles) {
      expect(told).toMatch(new RegExp(`the ${role} 127\\.0\\.0\\.1:\\d+/app as ana could not be reached`));
      expect(told).toMatch(new RegExp(`[Ww]hat to do: .*(\`${role}\` in longhaul.yaml|conninfo of \`${role}\`)`));
    }
    expect(told.match(/could not be reached/g)).toHaveLength(roles.length);
    expect(tookMs, words.join(' ')).toBeLessThan(CONNECT_S * 1000 + SMALL_MS);
  }
  await longhaul(config, 'shutdown');
});

test.each(['source', 'replica'] as const)(
  'psql and pg_dump end as soon where the %s says nothing, or something else',
  async (role) => {
    const {yamlPath} = await configure();
    const config = await loadConfig(yamlPath, {});
    const tools = await findTools(config.toolsFolder, {PATH: process.env['PATH']});
    const conninfo = toLibpq(config.servers[role], {applicationName: 'longhaul/acme/check', encoding: 'UTF8'});
    const began = performance.now();
    const ends = await Promise.all([
      execa(tools.psql.path, ['-XAqtw', '-c', 'SELECT 1', '-d', conninfo], {reject: false}),
      execa(tools.pgDump.path, ['-w', '--schema-only', '-d', conninfo], {reject: false}),
    ]);
    expect(ends.map(({exitCode}) => exitCode)).toEqual([2, 1]);
    expect(performance.now() - began).toBeLessThan(CONNECT_S * 1000 + SMALL_MS);
  },
);
