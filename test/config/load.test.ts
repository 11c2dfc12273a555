import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {renderExample} from '../../src/config/example.ts';
import {parseConfig} from '../../src/config/load.ts';

const around = {env: {}, home: '/home/ana', user: 'ana', readFile: () => null, isOpenToOthers: () => false};
const SERVERS = 'run: acme\nsource: host=a\nreplica: host=b\ntarget: host=c\n';
const parse = (text: string) => parseConfig(text, 'longhaul.yaml', around);

describe('longhaul.yaml', () => {
  test('needs a name and three servers; everything else has a default', () => {
    expect(parse(SERVERS)).toMatchObject({
      run: 'acme',
      runDirectory: '/home/ana/.local/state/longhaul/acme',
      slots: {prefix: 'dms_slot_', count: 6},
      load: {lanes: 6, bigTables: 5, unique: 'after-load', triggers: 'at-cutover'},
      timeouts: {lockMs: 3000, createSlotMs: 600_000},
      confirm: 'typed',
    });
  });

  test('paths are from the folder of the file, ~ is the home', () => {
    const {toolsFolder, runDirectory} = parseConfig(
      `${SERVERS}tools: ../bin\nrun_directory: ~/runs\n`,
      '/etc/lh/longhaul.yaml',
      around,
    );
    expect({toolsFolder, runDirectory}).toEqual({toolsFolder: '/etc/bin', runDirectory: '/home/ana/runs'});
  });

  test('the example is the one that init writes, and it loads', () => {
    const text = readFileSync(join(import.meta.dirname, '../../examples/longhaul.yaml'), 'utf8');
    expect(text).toBe(renderExample());
    expect(parse(text).run).toBe('acme-prod');
  });

  test.each([
    ['timeouts:\n  lock: 3\n', 'line 6:3: timeouts.lock: is no duration with its unit: write 3s'],
    ['timeouts:\n  stement: 3s\n', 'did you mean statement?'],
    ['lanes: 3\n', 'line 5:1: lanes: there is no such key'],
    ['load: {lanes: 0}\n', 'load.lanes: must be a whole number from 1 to 64'],
    [
      'cdc: {engine: native}\n',
      'cdc.engine: must be dms or none; this version of Longhaul cannot run pglogical and native yet',
    ],
    ['slots: {prefix: Bad-}\n', 'slots.prefix: must be lower case'],
    ['cdc: {node_dsn: "host=a password=hush"}\n', 'cdc.node_dsn: holds a password'],
    ['cdc: {node_dsn: "just words"}\n', 'cdc.node_dsn: it is neither key=value pairs'],
    ['tables: {exclude: [nodot]}\n', 'is no table: write schema.table'],
    ['timeouts: {lock: 0s}\n', 'timeouts.lock: must be from 1ms to 24d'],
    ['timeouts: {scan: 25d}\n', 'timeouts.scan: must be from 1s to 24d'],
    ['probes: {interval: 10ms}\n', 'probes.interval: must be from 200ms to 24d'],
    ['load: {maintenance_work_mem: 8kB}\n', 'load.maintenance_work_mem: must be from 1MB to 2047GB'],
    ['load: 5\n', 'load: Invalid input: expected object, received number'],
    ['tools: [a]\n', 'tools: Invalid input: expected string, received array'],
    ['a: &a [x]\nb: [*c]\n', 'Unresolved alias'],
  ])('%j is one clear message with the line', (text, words) => {
    expect(() => parse(SERVERS + text)).toThrow(words);
  });

  test('tells every problem at once, in the order of the lines, and never a password', () => {
    const text = 'run: acme\nsource: host=a,b\nreplica: host=b password=hush\ntarget: postgres://u:hush@h/db\n';
    expect(() => parse(text)).toThrow(/line 2.*\n.*line 3.*holds a password.*\n.*line 4/);
    expect(() => parse(text)).not.toThrow('hush');
  });
});
