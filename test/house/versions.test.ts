import {describe, expect, test} from 'vitest';
import {CAPTURE_DIFFERENCES} from '../../src/pg/capture/differences.ts';
import {OBJECT_DIFFERENCES} from '../../src/pg/session/object-versions.ts';
import {ALL_DIFFERENCES, maybe, pick, type Difference} from '../../src/pg/session/versions.ts';
import {readSources} from './sources.ts';

/** The table itself, and the numbering of releases. */
const MAY_COMPARE = ['src/pg/session/versions.ts', 'src/domain/pg/server-version.ts'];
const COMPARISONS = [
  // version >= 100_000, server.version < OLDEST, Number(version) >= 90600
  /[vV]ersion\w*\)?\s*(?:[<>]=?|[!=]==?)\s*(?:\d|[A-Z]{2})/,
  // 90_600 <= server.version
  /\d\s*[<>]=?\s*[\w.]*[vV]ersion/,
  // session.major < 10, majorOf(version) >= 12, readMajor(bin)) < 14, .number >= 1
  /\b(?:\w*[mM]ajor\w*|number)(?:\([^;{]*?\))?\)*\s*[<>]=?\s*\d/,
  // A server_version_num, whatever it is compared with.
  /[<>]=?\s*(?:9|1\d)(?:0_?\d00|_?0000|0_000)\b/,
];

function comparesVersions(text: string): string[] {
  return text.split('\n').filter((line) => !/^\s*(?:\*|\/\/)/.test(line) && COMPARISONS.some((one) => one.test(line)));
}

describe('the table of server differences', () => {
  test('is the only place that compares a server’s version with a number', () => {
    const elsewhere = readSources()
      .filter(({path}) => !MAY_COMPARE.includes(path))
      .flatMap(({path, text}) => comparesVersions(text).map((line) => `${path}: ${line.trim()}`));
    // The protocol's version is no server's.
    expect(elsewhere.filter((line) => !line.includes('PROTOCOL'))).toEqual([]);
  });

  test.each([
    'if (session.version >= 100_000) return 1;',
    'const old = version < OLDEST_SOURCE;',
    'if (Number(version) >= 90600) push();',
    'return 140000 <= server.version;',
    "if ((await readMajor(bin)) < 14) return 'md5';",
    'return majorOf(version) >= 12;',
    'if (version.major < 10) return null;',
    'if (server.number >= 1) return null;',
    'const trusted = num >= 130_000;',
  ])('would be missed by %s', (line) => {
    expect(comparesVersions(line)).toHaveLength(1);
  });

  test('has no row that nothing asks for', () => {
    const asked = readSources()
      .map(({text}) => text)
      .join('\n');
    const unused = ALL_DIFFERENCES.filter(
      (name) => !asked.includes(`pick('${name}'`) && !asked.includes(`maybe('${name}'`),
    );
    expect(unused).toEqual([]);
  });

  test('has no row twice, of which one would hide the other: a 9.6 lost its senders of WAL so, at a cutover', () => {
    const rows = readSources()
      .filter(({path}) =>
        [
          'pg/session/versions.ts',
          'pg/session/object-versions.ts',
          'pg/capture/differences.ts',
          'pg/cutover/rehearsal/differences.ts',
        ].some((part) => path.endsWith(part)),
      )
      .flatMap(({text}) => [...text.matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name));
    expect(rows).toHaveLength(ALL_DIFFERENCES.length);
    expect(new Set(rows)).toEqual(new Set(ALL_DIFFERENCES));
    expect(Object.keys(CAPTURE_DIFFERENCES).filter((name) => Object.hasOwn(OBJECT_DIFFERENCES, name))).toEqual([]);
  });

  test.each<[Difference, number, string | null]>([
    ['pauseReplay', 90_624, 'pg_xlog_replay_pause()'],
    ['pauseReplay', 100_000, 'pg_wal_replay_pause()'],
    ['resumeReplay', 90_400, 'pg_xlog_replay_resume()'],
    ['replayPauseRequested', 90_624, 'pg_is_xlog_replay_paused()'],
    ['replayPauseState', 130_023, null],
    ['replayPauseState', 140_000, 'pg_get_wal_replay_pause_state()'],
    ['replayLsn', 90_624, 'pg_last_xlog_replay_location()'],
    ['replayLsn', 150_020, 'pg_last_wal_replay_lsn()'],
    ['currentLsn', 90_624, 'pg_current_xlog_location()'],
    ['insertLsn', 90_624, 'pg_current_xlog_insert_location()'],
    ['flushLsn', 90_500, 'pg_current_xlog_location()'],
    ['flushLsn', 90_624, 'pg_current_xlog_flush_location()'],
    ['flushLsn', 180_000, 'pg_current_wal_flush_lsn()'],
    ['slotConfirmedFlush', 90_526, 'NULL::pg_lsn'],
    ['slotConfirmedFlush', 90_600, 'confirmed_flush_lsn'],
    ['slotWalStatus', 120_022, 'NULL::text'],
    ['slotWalStatus', 130_000, 'wal_status'],
    ['slotInvalidation', 160_000, 'NULL::text'],
    ['slotInvalidation', 170_000, 'invalidation_reason'],
    ['isPartition', 90_624, 'false'],
    ['indexKeyCount', 100_023, 'i.indnatts'],
    ['indexKeyCount', 110_000, 'i.indnkeyatts'],
  ])('%s on %i is %s', (difference, version, text) => {
    expect(maybe(difference, version)).toBe(text);
  });

  test('below 9.4 nothing is guessed', () => {
    expect(() => pick('pauseReplay', 90_300)).toThrow('bug');
  });
});
