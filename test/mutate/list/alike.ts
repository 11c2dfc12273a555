import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/schema/alike.test.ts'];
const LAB = ['test/engine/schema/rehearsal.pg.test.ts'];

/** Tables that are not made in a rehearsal because others are like them. */
export const ALIKE: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/schema/alike/leave-alike-out.ts',
    PURE,
    ['a table that a view needs is not tried', 'needed.has(root) ? [] : [group]', '[group]'],
    [
      'a schema that the dump does not make is like any other',
      'const made = new Set(texts.flatMap(schemaOf));',
      "const made = new Set([...texts.flatMap(schemaOf), 'public']);",
    ],
    ['of each shape none is tried', 'seen.add(shape.words);\n      continue;', 'seen.add(shape.words);'],
  ),
  ...mutationsOf(
    'src/engine/schema/alike/shape.ts',
    PURE,
    [
      'what a text says besides its names is passed over',
      '? columnsCoded(word, ofName) : word;',
      "? columnsCoded(word, ofName) : '';",
    ],
    ['columns are passed over', '? columnsCoded(word, ofName) : word;', "? '' : word;"],
    [
      'tables of two access methods are alike',
      'parts.map((part, at) => [texts[at]?.settings, ',
      'parts.map((part, at) => [',
    ],
    [
      'a name says nothing, whatever it has to do with the table',
      'return [at, name.slice(table.length)];',
      'return [at];',
    ],
    [
      'a text of several lines is taken for checks',
      'if (lines.some((line) => (line.split("\'").length - 1) % 2 === 1 || (line.split(\'"\').length - 1) % 2 === 1))',
      'if (lines.length === 0)',
    ],
  ),
  ...mutationsOf(
    'src/engine/schema/alike/entry-texts.ts',
    PURE,
    ['a line that reads like a heading divides a text', 'if (headings.length !== headed.length) return null;', ''],
    [
      'headings are taken for those of other entries',
      '|| !isHeadingOf(heading, entry)) return null;',
      ') return null;',
    ],
  ),
  ...mutationsOf(
    'src/engine/schema/copy/rehearse-schema.ts',
    LAB,
    ['nobody asks whether the names of what is not tried are free', ' && (await areFree(ctx, tried))', ''],
    ['it is not told that tables were not tried', 'alike: tried.alike};', 'alike: 0};'],
  ),
];
