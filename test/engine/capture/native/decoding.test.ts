import {expect, test} from 'vitest';
import {judgeDecoding, type DecodingSeen} from '../../../../src/engine/capture/native/reverse/check-reverse.ts';

const SETTINGS: ReadonlyMap<string, string> = new Map([
  ['wal_level', 'logical'],
  ['max_replication_slots', '10'],
  ['max_wal_senders', '10'],
]);
const FINE: DecodingSeen = {
  settings: SETTINGS,
  usage: {slots: 4, senders: 4},
  missing: 6,
  role: 'longhaul',
  mayMakeSlots: true,
};
const having = (name: string, value: string): DecodingSeen => ({
  ...FINE,
  settings: new Map([...SETTINGS, [name, value]]),
});

test.each<[string, DecodingSeen, string[]]>([
  ['is fine', FINE, []],
  ['writes no WAL that can be decoded', having('wal_level', 'replica'), ['blocker way-back.wal-level']],
  ['has others’ slots', {...FINE, usage: {slots: 5, senders: 4}}, ['blocker way-back.max_replication_slots']],
  ['has others’ senders', {...FINE, usage: {slots: 4, senders: 5}}, ['blocker way-back.max_wal_senders']],
  ['lets our role make no slots', {...FINE, mayMakeSlots: false}, ['blocker way-back.replication']],
  ['drops a slot that is far behind', having('max_slot_wal_keep_size', '100000'), ['warning way-back.keep-size']],
  ['keeps a slot however far behind', having('max_slot_wal_keep_size', '-1'), []],
  [
    'drops a slot that nobody reads, from 18 on',
    having('idle_replication_slot_timeout', '3600'),
    ['warning way-back.idle-slots'],
  ],
  ['keeps a slot that nobody reads', having('idle_replication_slot_timeout', '0'), []],
])('a target that is to keep what comes back %s', (_, seen, expected) => {
  expect(judgeDecoding(seen).map(({severity, check}) => `${severity} ${check}`)).toEqual(expected);
});
