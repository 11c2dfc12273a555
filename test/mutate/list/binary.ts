import {mutationsOf, type Mutation} from '../mutation.ts';

const TYPES = ['test/domain/pg/binary-types.test.ts'];
const FILES = ['test/engine/load/pipeline/binary.test.ts'];
const LANE = ['test/engine/load/host/binary-lane.test.ts'];
const RUN = ['test/e2e/whole-runs/plain-copy.test.ts'];

/** Rows in binary form: only where both servers mean the same by the same bytes, all of them, and not a commit without them. */
export const BINARY: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/pg/binary-types.ts',
    TYPES,
    ['the target may have a column as another type', 'there.form !== form.form', "there.form === ''"],
    [
      'a type of somebody passes for one of the core by its name',
      'type.builtIn ? own(CORE, type.name)',
      'true ? own(CORE, type.name)',
    ],
    [
      'any type of an extension is known',
      "own(own(OF_EXTENSIONS, type.extension ?? '') ?? {}, type.name)",
      "{why: ''}",
    ],
    [
      'what an object has by itself is a type',
      'return Object.hasOwn(record, key) ? record[key] : undefined;',
      'return record[key];',
    ],
    ['an array of an enum goes to 13', 'holdsOwnType(type, types) && !servers.target.takesOtherOids', 'false'],
    [
      'a composite goes to 13',
      'return servers.target.takesOtherOids\n',
      'return servers.target.takesOtherOids || type.of.length > 0\n',
    ],
    [
      'floating point times pass for microseconds',
      '!(source.integerDatetimes && target.integerDatetimes)',
      '!source.integerDatetimes',
    ],
    [
      'the times of an old source are not asked',
      '!(source.integerDatetimes && target.integerDatetimes)',
      '!target.integerDatetimes',
    ],
    ['an infinite interval becomes a finite one', 'source.infiniteIntervals && !target.infiniteIntervals', 'false'],
    ['what is below a domain is not asked', 'if (bad !== undefined) return bad;', ''],
    ['a table without columns goes', "if (source.columns.length === 0) return 'it has no columns';", ''],
    ['numbers of a cluster are known', "  bool: {why: 'one byte'},", "  bool: {why: 'one byte'},\n  regclass: WHOLE,"],
    ['an enum of an extension goes', "type.extension === null ? {form: 'enum'} : notKnown(type)", "{form: 'enum'}"],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/choose-method.ts',
    FILES,
    [
      'binary whatever the types are',
      'return whyNotBinary === null ? {pipeline: BINARY, why: null}',
      'return true ? {pipeline: BINARY, why: null}',
    ],
    ['several tables in one binary stream', 'if (!BINARY.carries(unit))', 'if (unit.tables.length === 0)'],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/binary.ts',
    FILES,
    ['the token is never read', "['-', SENT, TOKEN]", "['-', SENT]"],
    ['the token is read first', "['-', SENT, TOKEN]", "[TOKEN, '-', SENT]"],
    [
      'rows need not be as many as were sent',
      'afterData: NOTE_TAKEN + mustHaveTakenAll(carried.columns),',
      "afterData: '',",
    ],
    [
      'a pipe that ended is an error of the target',
      'error?.sqlstate === SQLSTATE.badCopyFormat',
      'error?.sqlstate === SQLSTATE.diskFull',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/lane-files.ts',
    FILES,
    [
      'rows are frozen in a table that was not emptied',
      "freeze ? unit.tables.map((table) => emptyForFreeze(table)).join('') : ''",
      "''",
    ],
    ['the token has no room', "`${' '.repeat(Buffer.byteLength(closing))}\\n`", "'\\n'"],
    [
      'a table is emptied before it was found empty',
      'frame.before + mustBeEmpty(entry.tables) + emptied',
      'emptied + frame.before + mustBeEmpty(entry.tables)',
    ],
  ),
  ...mutationsOf(
    'libexec/lane.sh',
    LANE,
    ['behind binary rows the lane commits without looking at the fence', '  [ "$seen" = "$expected" ] || return\n', ''],
    ['the token follows binary rows in the pipe', '  if [ -e token ]; then', '  if false; then'],
    ['a token that needs room of the disk', `"$closing" 1<> token`, `"$closing" >> token`],
  ),
  ...mutationsOf('src/engine/load/pipeline/copy.ts', FILES, [
    'texts need not be as many rows as were sent',
    '...(counted ? {afterData: mustHaveTakenAll(tables)} : {}),',
    '',
  ]),
  ...mutationsOf('src/pg/load/copy-data.ts', RUN, [
    'other rows than were sent are taken for all',
    'IF (sent[at]::bigint = taken[at]::bigint) IS NOT TRUE THEN',
    'IF sent[at] IS NULL THEN',
  ]),
  ...mutationsOf(
    'src/pg/load/copy-data.ts',
    FILES,
    [
      'money is sent as lc_monetary writes it',
      "SET extra_float_digits = 3; SET lc_monetary = 'C';",
      'SET extra_float_digits = 3;',
    ],
    [
      'money is taken as lc_monetary reads it',
      "SET xmloption = content; SET lc_monetary = 'C'; ",
      'SET xmloption = content; ',
    ],
  ),
];
