import {describe, expect, test} from 'vitest';
import {
  whyNotBinary,
  type BinaryServer,
  type CatalogType,
  type ColumnTypes,
} from '../../../src/domain/pg/binary-types.ts';

const NEW: BinaryServer = {integerDatetimes: true, takesOtherOids: true, infiniteIntervals: true};
const core = (name: string): CatalogType => ({
  title: name,
  name,
  builtIn: true,
  extension: null,
  made: 'plain',
  of: [],
});
const made = (how: CatalogType['made'], name: string, ...of: string[]): CatalogType => ({
  ...core(name),
  title: `public.${name}`,
  builtIn: false,
  made: how,
  of,
});
const arrayOf = (name: string): CatalogType => ({...core(`_${name}`), title: `${name}[]`, made: 'array', of: [name]});

const TYPES = new Map<string, CatalogType>([
  ...['int4', 'text', 'float4', 'timestamptz', 'tstzrange', 'interval', 'xml', 'money', 'oid', 'regclass', 'xid'].map(
    (name) => [name, core(name)] as const,
  ),
  ...['aclitem', 'constructor', '_aclitem'].map((name) => [name, core(name)] as const),
  ['int4[]', arrayOf('int4')],
  ['regclass[]', arrayOf('regclass')],
  ['mood', made('enum', 'mood')],
  ['mood[]', {...made('array', '_mood', 'mood'), title: 'public.mood[]'}],
  ['even', made('domain', 'even', 'int4')],
  ['class', made('domain', 'class', 'regclass')],
  ['even[]', made('array', '_even', 'even')],
  ['pair', made('composite', 'pair', 'int4', 'mood')],
  ['bad pair', made('composite', 'bad_pair', 'int4', 'class')],
  ['citext', {...made('plain', 'citext'), extension: 'citext'}],
  ['geometry', {...made('plain', 'geometry'), extension: 'postgis'}],
  ['int4 of somebody', made('plain', 'int4')],
  ['stage', {...made('enum', 'stage'), extension: 'stages'}],
]);
const table = (...types: string[]): ColumnTypes => ({
  columns: types.map((type, at) => ({name: `c${at}`, type})),
  types: TYPES,
});
const why = (type: string, source = NEW, target = NEW): string | null =>
  whyNotBinary(table('int4', type), null, {source, target});

const both = (source: ColumnTypes, target: ColumnTypes): string | null =>
  whyNotBinary(source, target, {source: NEW, target: NEW});

describe('what a table may hold to travel by binary COPY', () => {
  test.each(['text', 'timestamptz', 'int4[]', 'mood', 'even', 'mood[]', 'even[]', 'pair', 'citext'])('%s', (type) => {
    expect(why(type)).toBeNull();
  });

  test.each([
    'xml',
    'money',
    'oid',
    'regclass',
    'regclass[]',
    'class',
    'bad pair',
    'xid',
    'aclitem',
    '_aclitem',
    'geometry',
    'int4 of somebody',
    'constructor',
    'stage',
    'not in the catalog',
  ])('not %s, and the column is named', (type) => {
    expect(why(type)).toMatch(/^column c1: /);
  });

  test('up to 13 no array and no composite of what somebody has made, for their oids are others there', () => {
    const old = {...NEW, takesOtherOids: false};
    for (const type of ['mood[]', 'even[]', 'pair']) expect(why(type, NEW, old)).toContain('before 14');
    for (const type of ['mood', 'even', 'int4[]']) expect(why(type, NEW, old)).toBeNull();
    expect(why('pair', old, NEW)).toBeNull();
  });

  test('times only where both servers have whole microseconds', () => {
    const floating = {...NEW, integerDatetimes: false};
    for (const type of ['timestamptz', 'tstzrange', 'interval']) {
      expect(why(type, floating)).toContain('integer_datetimes');
      expect(why(type, NEW, floating)).toContain('integer_datetimes');
    }
    expect(why('int4', floating)).toBeNull();
  });

  test('an interval, which may be infinite from 17 on, not to a server that would take it for a finite one', () => {
    const old = {...NEW, infiniteIntervals: false};
    expect(why('interval', NEW, old)).toContain('infinite');
    expect(why('interval', old, NEW)).toBeNull();
    expect(why('interval', old, old)).toBeNull();
  });

  test('not where the target has a column as another type, which may have the same length and other values', () => {
    expect(both(table('int4'), table('float4'))).toBe('column c0: the target has it as float4');
    expect(both(table('mood'), table('text'))).toContain('the target has it as text');
    expect(both(table('int4[]'), table('even[]'))).toBeNull();
    expect(both(table('even'), table('int4'))).toBeNull();
    expect(both(table('int4'), table('int4', 'geometry'))).toBeNull();
  });

  test('columns, for a list of none cannot be written', () => {
    expect(whyNotBinary(table(), null, {source: NEW, target: NEW})).toBe('it has no columns');
  });
});
