import {describe, expect, test} from 'vitest';
import type {Finding} from '../../src/domain/run/finding.ts';
import {parseHeader} from './header.ts';
import {judgeCase, namesOne, type Seen} from './judge.ts';
import {compareObjects, parseDump} from './objects.ts';

const finding = (check: string, seen: string, severity: Finding['severity'] = 'warning'): Finding => ({
  check,
  severity,
  subject: 'source',
  seen,
  remedy: '',
});
const SEEN: Seen = {findings: [], stopped: null, walkEnded: true, runWords: '', differences: [], compared: '1 tables'};
const LOST = {what: 'index', names: ['public.users_email', 'users_email']};
const FAILED = {step: 'build-indexes', words: 'could not create unique index "users_email"'};

describe('how npm run cases judges a file', () => {
  test.each<[string, Partial<Seen>, string]>([
    ['everything equal', {}, 'equal'],
    ['a difference that nobody told', {differences: [LOST]}, 'FAILED'],
    ['one that check told', {differences: [LOST], findings: [finding('x', 'users_email is invalid')]}, 'equal'],
    [
      'one whose table has a finding about change capture',
      {differences: [{what: 'rows', names: ['public.users']}], findings: [finding('data.no-key', '(public.users)')]},
      'FAILED',
    ],
    [
      'one whose table has a finding about DMS',
      {
        differences: [{what: 'rows', names: ['public.users']}],
        findings: [finding('data.dms-no-key', '(public.users)')],
      },
      'FAILED',
    ],
    ['done, and only the run told', {differences: [LOST], runWords: 'users_email'}, 'FAILED'],
    ['failed, and the run told', {stopped: FAILED, differences: [LOST], runWords: 'users_email'}, 'told by the run'],
    ['failed without a difference', {stopped: FAILED}, 'FAILED'],
    ['stopped on the way', {stopped: FAILED, walkEnded: false, differences: null}, 'FAILED'],
    [
      'stopped on the way, as a blocker said',
      {stopped: FAILED, walkEnded: false, differences: null, findings: [finding('x', 'no', 'blocker')]},
      'stopped as told',
    ],
    [
      'stopped on the way, over what a warning named',
      {stopped: FAILED, walkEnded: false, differences: null, findings: [finding('x', 'index users_email of users')]},
      'stopped as told',
    ],
  ])('%s', (_, seen, result) => {
    expect(judgeCase({...SEEN, ...seen}).result).toBe(result);
  });

  test('a name is found as a word, and one of two letters not at all', () => {
    expect(namesOne('table public.t_1 and t', ['t'])).toBe(false);
    expect(namesOne('table public.t_1', ['public.t'])).toBe(false);
    expect(namesOne('tables (public.t)', ['public.t'])).toBe(true);
  });

  test('the first line says what a file needs', () => {
    expect(parseHeader('-- cases: from=9.6 encoding=LATIN1\n--')).toEqual({from: '9.6', encoding: 'LATIN1'});
    expect(parseHeader('-- A table')).toEqual({});
    expect(() => parseHeader('-- cases: frmo=9.6')).toThrow('frmo=9.6');
  });
});

const dump = (...blocks: readonly (readonly [string, string])[]): string =>
  blocks.map(([head, body]) => `--\n-- Name: ${head}; Owner: postgres\n--\n\n${body}\n\n\n`).join('');

describe('two dumps of a schema', () => {
  const TABLE = ['t; Type: TABLE; Schema: public', 'CREATE TABLE "public"."t" (\n    "id" integer\n);'] as const;
  const KEY = [
    't t_pkey; Type: CONSTRAINT; Schema: public',
    'ALTER TABLE ONLY "public"."t" ADD PRIMARY KEY ("id");',
  ] as const;

  test('are equal whatever their order, with the superuser for our role', () => {
    const owner = (name: string): string => `${TABLE[1]}\n\nALTER TABLE "public"."t" OWNER TO "${name}";`;
    const [one, other] = [dump([TABLE[0], owner('postgres')], KEY), dump(KEY, [TABLE[0], owner('longhaul')])];
    expect(compareObjects(parseDump(one), parseDump(other))).toEqual([]);
  });

  test('differ where one is missing, has other words, or another tablespace', () => {
    const changed = [KEY[0], `${KEY[1]} NOT VALID`] as const;
    const differing = (target: string): string[] =>
      compareObjects(parseDump(dump(TABLE, KEY)), parseDump(target)).map(({what}) => what);
    expect(differing(dump(TABLE))).toEqual(['CONSTRAINT public t t_pkey is not on the target']);
    expect(differing(dump(TABLE, changed))).toHaveLength(1);
    expect(differing(dump(TABLE, KEY).replace('Owner: postgres', 'Owner: postgres; Tablespace: fast'))).toHaveLength(1);
  });
});
