import {mutationsOf, type Mutation} from '../mutation.ts';

const JOURNAL_TESTS = ['test/engine/run/guards-journal.test.ts', 'test/engine/run/journal.test.ts'];
const FOLDER = ['test/engine/run/guards-journal.test.ts', 'test/engine/run/run-folder.test.ts'];

/** What is on disk before it is believed, and who may read it. */
export const JOURNAL: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/run/journal.ts',
    JOURNAL_TESTS,
    ['entries are not synced', '      await file.datasync();\n', ''],
    ['the sync is not waited for', 'await file.datasync();', 'void file.datasync();'],
    [
      'entries are written beside each other',
      'const written = tail.then(() => write(event));',
      'const written = write(event);',
    ],
    ['a torn event is written behind', '      if (torn) await file.truncate(length);\n', ''],
    [
      'a torn event stays when the journal is closed',
      '      if (torn) await file.truncate(length).catch(() => undefined);\n',
      '',
    ],
    ['a torn last line is kept', '  if (whole.length < text.length) await truncate(path, bytes);\n', ''],
    ['a full disk is no error', '      throw new JournalError(path, error);\n', ''],
    ['an event that failed takes a number', '    seq = entry.seq;\n', ''],
    ['an event that failed ends the journal', 'tail = written.catch(() => undefined);', 'tail = written;'],
    ['others may read the journal', "openFile(path, 'a', 0o600)", "openFile(path, 'a', 0o644)"],
    [
      'a journal that this version does not understand loses its torn end',
      '  const replayed = parseJournal(path, whole);\n  if (whole.length < text.length) await truncate(path, bytes);\n',
      '  if (whole.length < text.length) await truncate(path, bytes);\n  const replayed = parseJournal(path, whole);\n',
    ],
    ['what cannot be read again is written', '    if (wrong !== null) throw new Error(`bug: ${wrong}`);\n', ''],
    ['a new journal has no header', "length === 0 ? `${headerLine(writer.version)}\\n` : ''", "''"],
    ['a journal of format 0 gets a header in its middle', 'length === 0 ?', 'seq % 2 === 1 ?'],
    ['a journal that cannot be read is empty', "if (error.code === 'ENOENT') return '';", "return '';"],
  ),
  ...mutationsOf(
    'src/engine/run/journal-format.ts',
    JOURNAL_TESTS,
    ['a line that is missing is not missed', 'entry.seq === number && ', ''],
    ['an event without a time is one', "typeof entry.at === 'string' && ", ''],
    ['a journal that asks for a newer reader is read', 'oldestReader <= FORMAT', 'oldestReader <= Infinity'],
    [
      'a header that says nothing is believed',
      "typeof oldestReader === 'number' && ",
      "typeof oldestReader !== 'number' || ",
    ],
    [
      'an event of an unknown type is passed over',
      'if (!isEventType(type)) return',
      'if (isEventType(type) && false) return',
    ],
    [
      'a step of an unknown name is one',
      'steps.find((id) => !isStepId(id))',
      'steps.find((id) => id === isStepId.name)',
    ],
    [
      'evidence that is none is believed',
      'if (wrong !== null) throw changedByHand(',
      'if (wrong !== null) void changedByHand(',
    ],
    [
      'what a newer version wrote is no error of its own',
      "    code: 'version',\n    message: `${place}",
      "    code: 'failed',\n    message: `${place}",
    ],
  ),
  ...mutationsOf('src/domain/run/evidence/step-evidence.ts', JOURNAL_TESTS, [
    'evidence may lack nothing',
    'schema.partial().extend(',
    'schema.extend(',
  ]),
  ...mutationsOf('src/domain/run/reduce/event-types.ts', JOURNAL_TESTS, [
    'a name that every object has is an event',
    'Object.hasOwn(TYPES, type)',
    'type in TYPES',
  ]),
  ...mutationsOf(
    'src/cli/run/way-out.ts',
    ['test/engine/run/golden-journals.test.ts'],
    [
      'a run that a newer version wrote is one that made nothing',
      "    if (error instanceof LonghaulError && error.code === 'version' && !byPrefix) throw error;\n",
      '',
    ],
  ),
  ...mutationsOf(
    'src/cli/supervisor/follow.ts',
    ['test/cli/supervisor/follow.test.ts'],
    ['a walk that failed has reached its end', "last.end === 'reached'", "last.end !== 'halted'"],
    ['the words say how a walk ended', "last.end === 'reached'", "last.reason.startsWith('reached')"],
  ),
  ...mutationsOf(
    'src/engine/run/run-store.ts',
    FOLDER,
    [
      'listeners hear of what is not on disk',
      '      const entry = await journal.append(event);\n      state = reduce(state, entry);',
      "      const early = {seq: state.seq + 1, at: '', ...event};\n      for (const listener of listeners) listener(early);\n      const entry = await journal.append(event);\n      state = reduce(state, entry);",
    ],
    ['the state does not follow', '      state = reduce(state, entry);\n', ''],
  ),
  ...mutationsOf(
    'src/engine/run/run-folder.ts',
    FOLDER,
    [
      'a new plan is not synced',
      '    await file.writeFile(text);\n    await file.sync();\n',
      '    await file.writeFile(text);\n',
    ],
    ['the place of a new plan is not synced', '    await folder.sync();\n', ''],
    ['a plan is written over the old one', 'const draft = `${path}.new`;', 'const draft = path;'],
    ['others may read the plan', "openFile(draft, 'w', 0o600)", "openFile(draft, 'w', 0o644)"],
    ['others may look into the run folder and the lanes', 'await mkdir(path, {mode: 0o700})', 'await mkdir(path)'],
  ),
  ...mutationsOf(
    'src/engine/run/run-folder.ts',
    ['test/cli/odd-run-folder.test.ts'],
    [
      'a pipe in the run folder is waited for',
      "    if (found !== null && found !== 'file') throw ofAnotherKind(path, found, 'file');\n",
      '',
    ],
    [
      'a run folder that is a file is told as somebody else’s',
      "    if (found !== null && found !== 'folder') throw ofAnotherKind(above, found, 'folder');\n",
      '',
    ],
  ),
  ...mutationsOf(
    'src/config/files/trusted-path.ts',
    ['test/cli/odd-run-folder.test.ts'],
    [
      'a device is to be shut to those who need it',
      '(found.isDirectory() || found.isFile()) && found.uid === user',
      'found.uid === user',
    ],
  ),
  ...mutationsOf(
    'src/engine/waiting/clocks.ts',
    ['test/engine/waiting/clocks.test.ts'],
    ['time goes back with the clock', 'Math.max(now(), last', 'Math.min(now(), last'],
    ['time does not go on while the clock is behind', ' + (at - lastSteady) * PACE', ''],
  ),
  ...mutationsOf(
    'src/engine/run/journal.ts',
    ['test/engine/waiting/clocks.test.ts'],
    ['an event that came later has no later time', 'Math.max(Math.floor(now()), last + 1)', 'Math.floor(writer.now())'],
    ['a restart forgets how late it was', 'after: last}', 'after: 0}'],
  ),
  ...mutationsOf(
    'src/probes/judge/run-alarms.ts',
    ['test/probes/judge/clock-set-back.test.ts'],
    ['a blind probe waits for the clock', 'if (steadyMs - atMs < limitMs)', 'if (observed.nowMs - atMs < limitMs)'],
    ['a lane that moves nothing waits for the clock', '(steadyMs - moved.atMs)', '(observed.nowMs - moved.atMs)'],
  ),
  ...mutationsOf(
    'src/engine/load/retries.ts',
    ['test/engine/waiting/clocks.test.ts'],
    ['a retry waits for the clock', 'return steady() >= due.steadyMs;', 'return Date.parse(state.retryAt) <= now();'],
  ),
  ...mutationsOf(
    'src/cli/run/open-run.ts',
    ['test/cli/untrusted-folder.test.ts'],
    ['commands believe a run folder that others write', '  mustBeTrusted(folder);\n', ''],
  ),
  ...mutationsOf(
    'src/config/files/trusted-path.ts',
    ['test/engine/run/run-folder.test.ts'],
    ['another user’s folder is used', 'found.uid !== user && found.uid !== 0', 'found.uid === -1'],
    ['what its group may write is used', '(found.mode & 0o022) === 0', '(found.mode & 0o002) === 0'],
    ['the run folder itself may be everybody’s', '!isLast && found.isDirectory()', 'found.isDirectory()'],
    ['a folder above it may be everybody’s', ' && (found.mode & 0o1000) !== 0', ''],
    [
      'the goal of a link is not judged',
      '      left = [...goal.split',
      '      left = left.length === 0 ? [] : [...goal.split',
    ],
    ['what lies in it is not judged', '  for (const one of paths) {', '  for (const one of paths.slice(0, 0)) {'],
  ),
  ...mutationsOf(
    'src/lab/cluster/private-folder.ts',
    ['test/lab/private-folder.test.ts'],
    ['what a link leads to is given away', ' | constants.O_NOFOLLOW', ''],
    ['a lab is made in another’s folder', '  if (untrusted === null) return;', '  if (untrusted !== null) return;'],
    ['the servers’ user may replace what is root’s', '0o1770', '0o770'],
  ),
];
