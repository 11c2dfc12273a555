import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {loadConfig} from '../../../src/config/load.ts';
import type {BadInput} from './bad-input.ts';
import {CONNECTIONS, NODE_DSN} from './connections.ts';
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
});
