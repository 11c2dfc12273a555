import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {decodeText} from '../../src/config/decode-text.ts';
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

  test('a CRLF file, a byte order mark, a tab in a comment and a key without a value are no problem', () => {
    expect(parse(`${SERVERS.replaceAll('\n', '\r\n')}#\ta tab\r\nload:\r\n`).run).toBe('acme');
    expect(decodeText(Buffer.from(`\ufeff${SERVERS}`))).toEqual({text: SERVERS});
    expect(decodeText(Buffer.from(`${SERVERS}# a\u00a0comment, ünïcode\n`))).toMatchObject({text: expect.any(String)});
  });

  test('what is traced is what the file says and what the environment says; a word that is none is refused by name', () => {
    const tracing = (words: string) =>
      parseConfig(`${SERVERS}trace: [wire]\n`, 'longhaul.yaml', {...around, env: {LONGHAUL_TRACE: words}}).trace;
    expect(parse(SERVERS).trace).toEqual([]);
    expect(tracing('sql, lanes')).toEqual(['wire', 'sql', 'lanes']);
    expect(tracing('')).toEqual(['wire']);
    expect(() => tracing('sql,rows')).toThrow('LONGHAUL_TRACE: "rows" is not one of sql, lanes, wire');
  });

  test('tells every problem at once, in the order of the lines, and never a password', () => {
    const text = 'run: acme\nsource: host=a,b\nreplica: host=b password=hush\ntarget: postgres://u:hush@h/db\n';
    expect(() => parse(text)).toThrow(/line 2.*\n.*line 3.*holds a password.*\n.*line 4/);
    expect(() => parse(text)).not.toThrow('hush');
  });
});
