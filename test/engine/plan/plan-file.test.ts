import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {makePlan} from '../../../src/engine/plan/make-plan.ts';
import {dumpSelection} from '../../../src/engine/load/pipeline/dump-selection.ts';
import {formatPlanFile, parsePlan, readPlan} from '../../../src/engine/plan/plan-file.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {ALL_TABLES, inventoryOf, relation, table} from './inventory.ts';

const inventory = inventoryOf(
  [table('public.events', 9), table('public.users', 2), table('billing."Mixed, Case"', 1)],
  {
    sequences: [{relation: relation('public.seq'), ownedBy: null}],
    largeObjects: 7,
  },
);
const WHOLE = `slots:
  dms_slot_01:
    - public.events
  dms_slot_02:
    - public.users
    - billing."Mixed, Case"
units:
  01-public.events:
    - public.events
  rest:
    - public.users
    - billing."Mixed, Case"
  large-objects:
    []
`;

function problemsOf(text: string, {of = inventory, withSlots = true} = {}): string[] {
  try {
    parsePlan(text, {path: 'plan.yaml', inventory: of, withSlots});
    return [];
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'config') throw error;
    return error.message.replace('plan.yaml: ', '').split('\n  ');
  }
}

const edited = (from: string, to: string): string => WHOLE.replace(from, to);

describe('a plan', () => {
  test('is read as it was written, hostile names and all', () => {
    const hostile = inventoryOf([
      table('public."a # \u0085 b"', 3),
      table('public."x"', 2, {
        relation: {schema: 'public', name: 'tab\tnew\nline: [] "quoted" \'single\' # no comment'},
      }),
      table('public."$(rm -rf /)"', 1),
      table('public."*"', 1),
    ]);
    const slots = {count: 2, prefix: 'dms_slot_', assign: {}};
    const plan = makePlan(hostile, {
      cdc: {engine: 'dms'},
      slots,
      load: {bigTables: 2, method: 'pg_dump'} as never,
    });
    const back = parsePlan(formatPlanFile(plan), {path: 'plan.yaml', inventory: hostile, withSlots: true});
    expect(back.units).toEqual(plan.units);
    expect(back.slots.slots.map(({name, tables}) => ({name, tables}))).toEqual(
      plan.slots.slots.map(({name, tables}) => ({name, tables})),
    );
  });

  test('is read back where there is nothing to load', () => {
    const nothing = inventoryOf([]);
    const empty = {...nothing, largeObjects: 0, sequences: []};
    const text = formatPlanFile({slots: {slots: []}, units: []});
    expect(parsePlan(text, {path: 'plan.yaml', inventory: empty, withSlots: false})).toEqual({
      slots: {slots: []},
      units: [],
    });
  });

  test('may be edited', () => {
    expect(problemsOf(WHOLE)).toEqual([]);
    expect(problemsOf(edited('  rest:\n    - public.users', '  mine:\n    - public.users\n  rest:'))).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    [
      'a table in no slot',
      edited('    - public.users\n    - billing', '    - billing'),
      ['line 1: public.users is in no slot'],
    ],
    [
      'a table in two units',
      edited('  rest:\n', '  rest:\n    - public.events\n'),
      ['line 11: public.events is in more than one unit: 01-public.events has it already'],
    ],
    [
      'a table that is not there',
      edited('  rest:\n', '  rest:\n    - public.gone\n'),
      ['line 11: public.gone is not a table of the inventory that can be in a unit'],
    ],
    [
      'what is no table',
      edited('    - public.events', '    - events'),
      ['line 3: slots.dms_slot_01: "events" is not schema.table', 'line 1: public.events is in no slot'],
    ],
    [
      'an empty unit',
      edited('  large-objects:', '  more:\n    []\n  large-objects:'),
      ['line 13: more: has no table; take the unit out'],
    ],
    [
      'no large objects',
      edited('  large-objects:\n    []\n', ''),
      ['line 7: there is no unit large-objects, and the source has 7'],
    ],
    [
      'a large-objects unit with tables',
      edited('large-objects:\n    []', 'large-objects:\n    - public.users').replace(
        '  rest:\n    - public.users',
        '  rest:',
      ),
      ['line 12: large-objects: has no tables, they are loaded by other units'],
    ],
    [
      'nothing that brings the sequences',
      edited('  rest:', '  others:'),
      [expect.stringMatching(/^line 7: there is no unit rest, which brings what no table brings: public\./) as never],
    ],
    [
      'a slot that Postgres would not have',
      edited('dms_slot_01', 'Dms-Slot'),
      ['line 2: Dms-Slot is not a name for a slot: lower case letters, digits and _, at most 62'],
    ],
    [
      'a unit that cannot be a folder',
      edited('01-public.events', '../events'),
      ['line 8: ../events is not a name for a unit: lower case letters, digits, - _ and ., at most 60'],
    ],
    [
      'no list',
      edited('    []', '    none'),
      ['line 13: units.large-objects: has no list of tables; [] is an empty one'],
    ],
    ['no units', WHOLE.slice(0, WHOLE.indexOf('units:')), expect.arrayContaining(['units: is missing']) as never],
    ['no YAML', 'slots: [', [expect.stringMatching(/^line 1: /) as never]],
    [
      'too much of YAML',
      `a: &a [x]\n${'b: [*a, *a]\n'.repeat(1)}slots: *b`,
      [expect.stringMatching(/^line|Unresolved/) as never],
    ],
    ['nothing in it', '# slots:\n', ['the file is empty, or all of it is commented out']],
    ['a list', '- slots\n', ['line 1: it has no sections slots and units']],
    ['one word', 'rest\n', ['line 1: it has no sections slots and units']],
    [
      'a section of another name',
      `${WHOLE}unit:\n  late:\n    - public.users\n`,
      ['line 15: unit: there is no such section; a plan has slots, units and cuts'],
    ],
    [
      'a name that has a byte 0',
      edited('    - public.events', '    - "public.ev\\0ents"'),
      ['line 3: slots.dms_slot_01: "public.ev\\u0000ents" is not schema.table', 'line 1: public.events is in no slot'],
    ],
    [
      'a cut whose key has a byte 0',
      `${WHOLE}cuts:\n  public.users:\n    key: [{name: "i\\0d", type: int4}]\n    bounds: [["5"]]\n`,
      ['line 16: cuts.public.users: is not a table with its key and bounds'],
    ],
    ['a circle', `${WHOLE}cuts: &a [*a]\n`, ['line 15: *a is inside of what it names (&a): write the value itself']],
  ])('with %s is refused, with its line', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('that names none of many tables is told in twenty lines', () => {
    const many = inventoryOf(Array.from({length: 500}, (_, index) => table(`public.t${index}`, 1)));
    const problems = problemsOf('slots:\n  {}\nunits:\n  {}\n', {of: many});
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatch(/^and 98\d more$/);
  });

  test.each([
    ['UTF-16', Buffer.from(WHOLE, 'utf16le'), 'line 1: the file is in UTF-16, and must be in UTF-8'],
    ['Latin 1', Buffer.from(`${WHOLE}# Zürich\n`, 'latin1'), 'line 15: a character is not UTF-8'],
    ['no text', Buffer.from(WHOLE.replace('rest', 're\0st')), 'line 10: the file is binary: it holds a byte that is 0'],
  ])('that was saved in %s is told as that', async (_, bytes, seen) => {
    const folder = runFolderAt(mkdtempSync(join(tmpdir(), 'lh-plan-')));
    writeFileSync(folder.plan, bytes);
    const reading = readPlan({folder, config: {cdc: {engine: 'dms'}} as never});
    await expect(reading).rejects.toMatchObject({
      code: 'config',
      message: `${folder.plan}: ${seen}`,
      remedy: 'mend what is named, or delete the file: longhaul plan makes it anew',
    });
    rmSync(folder.path, {recursive: true});
  });

  test('needs every table in a slot even where no slot is planned at all', () => {
    const none = WHOLE.replace(/slots:[^]*units:/, 'slots:\n  {}\nunits:');
    expect(problemsOf(none)).toHaveLength(3);
    expect(problemsOf(none, {withSlots: false})).toEqual([]);
    expect(problemsOf(WHOLE, {withSlots: false})).toEqual([
      'line 1: slots: are planned, and cdc.engine in longhaul.yaml is none',
    ]);
  });

  test('brings sequences and the configuration of extensions in rest, also where every table has a unit of its own', () => {
    const cdc = {engine: 'none'} as const;
    const all = {cdc, slots: {count: 1, prefix: 'dms_', assign: {}}, load: {bigTables: 99, method: 'pg_dump'} as never};
    expect(makePlan(inventory, all).units.find(({id}) => id === 'rest')).toEqual({
      id: 'rest',
      kind: 'rest',
      tables: [],
      also: [relation('public.seq')],
      bytes: 0,
    });
    const configured = {...inventory, sequences: [], extensionTables: [relation('public.cfg')]};
    expect(makePlan(configured, all).units.map(({id}) => id)).toContain('rest');
    expect(makePlan({...configured, extensionTables: []}, all).units.map(({id}) => id)).not.toContain('rest');
  });

  test('names them where tables are named one by one, but for sequences that their own table brings', () => {
    const cdc = {engine: 'none'} as const;
    const all = {cdc, slots: {count: 1, prefix: 'dms_', assign: {}}, load: {bigTables: 99, method: 'pg_dump'} as never};
    const include = [relation('public.events')];
    const named = {
      ...inventoryOf([table('public.events', 1)]),
      scope: {tables: {...ALL_TABLES, include}, engine: 'none'},
      sequences: [
        {relation: relation('public.events_id_seq'), ownedBy: relation('public.events')},
        {relation: relation('public.job_numbers'), ownedBy: null},
        {relation: relation('public.others_id_seq'), ownedBy: relation('public.others')},
      ],
      extensionTables: [relation('public.cfg')],
    };
    const {units} = makePlan(named, all);
    const rest = units.find(({id}) => id === 'rest');
    expect(rest?.also?.map(({name}) => name)).toEqual(['job_numbers', 'others_id_seq', 'cfg']);
    if (rest === undefined) throw new Error('no rest');
    expect(dumpSelection(rest, units, named.scope.tables)).toEqual([
      '--section=data',
      '-B',
      '--strict-names',
      ...['"public"."job_numbers"', '"public"."others_id_seq"', '"public"."cfg"'].flatMap((name) => ['-t', name]),
    ]);
    const owned = {...named, sequences: named.sequences.slice(0, 1), extensionTables: []};
    expect(makePlan(owned, all).units.map(({id}) => id)).not.toContain('rest');
  });
});
