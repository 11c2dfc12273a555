import {describe, expect, test} from 'vitest';
import {quoteIdentifier, quoteLiteral} from '../../../src/domain/pg/identifier.ts';
import {formatRelation, parseRelation, quoteRelation, writeRelation} from '../../../src/domain/pg/relation.ts';
import {printable} from '../../../src/domain/base/printable.ts';

const HOSTILE = [
  'plain',
  'Mixed Case',
  'we"ird',
  "it's",
  'a;b--',
  'a\nb',
  'a.b',
  '*',
  '?[x]',
  '$1',
  String.raw`back\slash`,
  '-leading',
  'ünïcode',
];

describe('names', () => {
  test.each(HOSTILE)('%j comes back unchanged from the form that files keep', (name) => {
    const relation = {schema: `s ${name}`, name};
    expect(parseRelation(writeRelation(relation))).toEqual(relation);
    expect(parseRelation(quoteRelation(relation))).toEqual(relation);
  });

  test('quotes are doubled and never dropped', () => {
    expect(quoteIdentifier('we"ird')).toBe('"we""ird"');
    expect(quoteLiteral("it's")).toBe("'it''s'");
    expect(quoteLiteral(String.raw`a\b`)).toBe(String.raw` E'a\\b'`);
    expect(() => quoteIdentifier('a\0b')).toThrow('bug');
  });

  test('unquoted parts fold to lower case, as in SQL', () => {
    expect(parseRelation('Public.Events')).toEqual({schema: 'public', name: 'events'});
    expect(parseRelation('"Public".Events')).toEqual({schema: 'Public', name: 'events'});
  });

  test.each(['events', 'a.b.c', '"open.x', 'a b.c', ''])('%j names no table', (text) => {
    expect(parseRelation(text)).toBeNull();
  });

  test('on a terminal a name cannot move the cursor, colour the screen or turn a line around', () => {
    expect(formatRelation({schema: 'public', name: 'a\u001B[31m\nb'})).toBe(String.raw`public."a\x1b[31m\nb"`);
    expect(printable('a\u202Eb\u009B1m')).toBe(String.raw`a\u202eb\x9b1m`);
  });
});
