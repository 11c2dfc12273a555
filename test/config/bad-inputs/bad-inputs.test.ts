import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {loadConfig, parseConfig} from '../../../src/config/load.ts';
import {type BadInput, WELL} from './bad-input.ts';
import {CONNECTIONS, NODE_DSN, SURROUNDINGS} from './connections.ts';
import {FILES} from './files.ts';
import {KEYS} from './keys.ts';
import {RANGES} from './ranges.ts';
import {NAMES, TYPES} from './values.ts';
import {YAML} from './yaml.ts';

const ALL: readonly BadInput[] = [
  ...FILES,
  ...YAML,
  ...KEYS,
  ...NAMES,
  ...TYPES,
  ...RANGES,
  ...CONNECTIONS,
  ...NODE_DSN,
];

/** The words of libraries, which no operator should have to understand. */
const LIBRARY = /expected |received|Invalid|Too (small|big)|unrecognized|undefined|\bnull\b|YAML\.|ENOENT|\bat line/;

describe('a configuration that is wrong is told in one message with its remedy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lh-bad-'));
  const path = join(folder, 'longhaul.yaml');
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  test.each(ALL.map((one) => [one.what, one] as const))('%s', async (_, {file, says, remedy}) => {
    writeFileSync(path, file);
    const thrown: unknown = await loadConfig(path, {HOME: folder, XDG_STATE_HOME: folder}).then(
      () => 'it was taken',
      (error: unknown) => error,
    );
    if (!(thrown instanceof LonghaulError)) throw thrown;
    const told = `${thrown.message}\n${thrown.remedy}`;
    expect(thrown.code).toBe('config');
    expect(told).toContain(says);
    expect(told).toContain(remedy);
    expect(told).not.toMatch(LIBRARY);
    expect(told).not.toContain('hush');
    expect(readdirSync(folder)).toEqual(['longhaul.yaml']);
  });

  test.each(SURROUNDINGS)(
    '$env source: $source, with a service file of $service',
    async ({env, source, service, says, remedy}) => {
      const file = join(folder, 'pg_service.conf');
      if (service !== '') writeFileSync(file, service);
      writeFileSync(path, `run: acme\nsource: ${source}\nreplica: host=b\ntarget: host=c\n`);
      const [name = '', value = ''] = env.split('=');
      const around = {
        HOME: folder,
        XDG_STATE_HOME: folder,
        PGSERVICEFILE: file,
        ...(name === '' ? {} : {[name]: value}),
      };
      const told: unknown = await loadConfig(path, around).then(
        () => 'it was taken',
        (error: unknown) => (error instanceof LonghaulError ? `${error.message}\n${error.remedy}` : error),
      );
      rmSync(file, {force: true});
      expect(told).toContain(says);
      expect(told).toContain(remedy);
      expect(told).not.toMatch(LIBRARY);
      expect(readdirSync(folder)).toEqual(['longhaul.yaml']);
    },
  );

  test('a run folder that depends on a home that is no path is asked for, and a relative XDG_STATE_HOME is none', () => {
    const around = {...surroundings({XDG_STATE_HOME: 'state'}), home: 'here'};
    expect(() => parseConfig(WELL, path, around)).toThrow(
      /run_directory: .*HOME, which is "here".*write run_directory/,
    );
    expect(parseConfig(WELL, path, {...around, home: '/home/ana'}).runDirectory).toBe(
      '/home/ana/.local/state/longhaul/acme',
    );
  });
});
