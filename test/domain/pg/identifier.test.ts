import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {quoteIdentifier, quoteLiteral} from '../../../src/domain/pg/identifier.ts';
import {parseRelation, quoteRelation, writeRelation} from '../../../src/domain/pg/relation.ts';

const text = fc.string({unit: 'binary', maxLength: 70}).filter((one) => !one.includes('\0'));
const name = fc
  .oneof(
    text,
    fc
      .array(fc.constantFrom('"', '.', "'", '\\', ' ', '\n', 'A', 'a', 'ß', '$'), {maxLength: 8})
      .map((all) => all.join('')),
  )
  .filter((one) => one !== '');

// That a server reads them so is test/pg/session/hostile.pg.test.ts.
describe('names and texts in quotes', () => {
  test('a name ends where its quotes end, whatever is in it, and is itself again without them', () => {
    fc.assert(
      fc.property(name, (any) => {
        const quoted = quoteIdentifier(any);
        expect(quoted).toMatch(/^"(?:[^"]|"")*"$/);
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(any);
      }),
    );
  });

  test('a text ends where its quotes end, whether backslashes mean something or not', () => {
    fc.assert(
      fc.property(text, (any) => {
        const quoted = quoteLiteral(any);
        const escaped = /^ E'((?:[^'\\]|''|\\\\)*)'$/.exec(quoted)?.[1];
        const plain = /^'((?:[^'\\]|'')*)'$/.exec(quoted)?.[1];
        expect((escaped?.replaceAll('\\\\', '\\') ?? plain)?.replaceAll("''", "'")).toBe(any);
      }),
    );
  });

  test('a table that is written to a file is the same table when it is read, and has a key of its own', () => {
    fc.assert(
      fc.property(name, name, name, (schema, one, other) => {
        expect(parseRelation(writeRelation({schema, name: one}))).toEqual({schema, name: one});
        expect(parseRelation(quoteRelation({schema, name: one}))).toEqual({schema, name: one});
        expect(quoteRelation({schema, name: one}) === quoteRelation({schema, name: other})).toBe(one === other);
      }),
    );
  });

  test('what no server can hold is refused', () => {
    expect(() => quoteIdentifier('a\0b')).toThrow('bug');
    expect(() => quoteLiteral('a\0b')).toThrow('bug');
  });

  test('any other text that an operator writes is a table or none, and never an accident', () => {
    fc.assert(
      fc.property(text, (any) => {
        const relation = parseRelation(any);
        if (relation === null) return;
        expect([relation.schema, relation.name]).not.toContain('');
        expect(parseRelation(writeRelation(relation))).toEqual(relation);
      }),
    );
  });
});
