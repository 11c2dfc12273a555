import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/compare/objects.test.ts'];

/** What is called equal, what is called expected, and what --fix may run. */
export const OBJECTS: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/compare/objects/judge-facts.ts',
    PURE,
    [
      'a part that differs is passed',
      'return one !== other && one !== UNKNOWN',
      'return one === other && one !== UNKNOWN',
    ],
    ['what the source does not tell is a difference', 'one !== UNKNOWN && ', ''],
    [
      'what is on the target only is passed',
      'there.filter((fact) => !asked.has(keyOf(fact)))',
      'there.slice(there.length)',
    ],
    ['a column of a missing table is told by itself', 'missing.has(wholeOf(fact))', 'missing.has(fact.kind)'],
  ),
  ...mutationsOf(
    'src/engine/compare/objects/describe-facts.ts',
    PURE,
    ['an owner that somebody else got is expected', 'there.parts[part] === own && ', ''],
    ['an owner that ours could give is expected', '(owner === bootstrap || !assumable.has(owner))', 'true'],
    ['everything that only the target has is its own', 'OWN_OF_TARGET.has(kind) ?', 'kind !== null ?'],
  ),
  ...mutationsOf('src/engine/compare/objects/fix.ts', PURE, [
    '--fix runs what replaces and takes',
    'creates && statement !== null',
    'statement !== null',
  ]),
  ...mutationsOf(
    'src/engine/compare/objects/left-to-step.ts',
    PURE,
    ['what production has altered since P is a difference of the load', '!gone || ', 'true || '],
    ['what build-indexes has told of is told twice', '!told.some(', 'told !== null || !told.some('],
  ),
  ...mutationsOf('src/engine/compare/objects/privileges.ts', PURE, [
    'default privileges of others are ours to set',
    'assumable.has(row.owner) && ',
    '',
  ]),
  ...mutationsOf(
    'src/engine/load/object-rights.ts',
    ['test/engine/load/object-rights.test.ts'],
    ['what ours may not give away becomes the property of who made most', ': own;', ': null;'],
  ),
];
