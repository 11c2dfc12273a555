import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What is said where a disk fills, and where a slot may hold no more. */
export const OF_FILLING: readonly Remedy[] = [
  ...of('probes/judge/filling/disk-alarms.ts', [
    [
      '…, and see that the source is up: it does not answer, and before it does no slot can be dropped there',
      'the disk of the primary is nearly full, and the primary does not answer',
      forPeople('makes room on a disk that others use, and starts a server'),
    ],
    [
      '…; longhaul release shows what dropping our slots would free, and drops none without --yes',
      'the disk of the primary is nearly full, and its slots were not read yet',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'shows what would go and what that frees, and drops nothing without the run’s name',
      ),
    ],
    [
      '…; our slots make it grow, and dropping them frees … as yet: …',
      'our slots have begun to fill the disk of the primary',
      forPeople('makes room on a disk that others use'),
    ],
    [
      '…; if there is none to make: longhaul release drops our slots and frees the … that they hold…',
      'our slots fill the disk of the primary',
      carriedOut('test/probes/watched/runway.pg.test.ts', 'release frees the space'),
    ],
    [
      ', and ends change capture: everything is loaded again, at a new P',
      'our slots fill the disk of the primary while change capture runs',
      forPeople('a part of: what a release costs'),
    ],
    [
      '…; what fills it is not kept by our slots, and dropping them frees …',
      'others fill the disk of the primary',
      forPeople('makes room on a disk that others use'),
    ],
    ['only …', 'others fill the disk of the primary', forPeople('a part of: what dropping our slots frees')],
    [
      '…; of slot …: …',
      'a slot of somebody else fills the disk of the primary',
      forPeople('a part of: it is not Longhaul’s; slot.retained carries it out'),
    ],
    [
      '…, or hold the load: longhaul pause --start',
      'the disk of the target is nearly full while a load runs',
      forPeople('longhaul pause --start is in the tests of a load'),
    ],
    [
      'let the managed service give it more storage',
      'the disk of the target is nearly full',
      forPeople('buys a larger disk'),
    ],
    ['make room on the replica', 'a disk is nearly full', forPeople('makes room on a disk that others use')],
    [
      'make room on the replica; it stays paused as long as P is needed: …',
      'a disk is nearly full',
      forPeople('makes room on a disk that others use'),
    ],
    ['make room on the WAL volume now', 'a disk is nearly full', forPeople('makes room on a disk that others use')],
    [
      'nothing needs the replica at P: longhaul resume --replay --yes …',
      'the disk of the replica is nearly full, and nothing needs it at P',
      carriedOut(
        'test/remedies/commands.test.ts',
        'replay may be resumed where the alarm of a full disk on the replica says so',
      ),
    ],
  ]),
  ...of('domain/rules/release-advice.ts', [
    [
      'let the load end and change capture start, which moves it',
      'a slot of ours holds much WAL, or keeps vacuum from freezing',
      forPeople('waits, or starts change capture'),
    ],
    [
      'see why change capture does not take what it keeps: longhaul status has the alarms of each slot',
      'a slot of ours holds much WAL while change capture runs',
      forPeople('what keeps it is told by alarms of its own, each with its remedy'),
    ],
    [' frees the … that our slots hold', 'a slot of ours holds much WAL', forPeople('a part of: what a release frees')],
    [
      '; or give it up: longhaul release…',
      'a slot of ours holds much WAL, or keeps vacuum from freezing',
      carriedOut('test/probes/watched/runway.pg.test.ts', 'release frees the space'),
    ],
    [
      '; or give change capture up, and load everything again: longhaul release…',
      'a slot of ours holds much WAL while change capture runs',
      carriedOut('test/probes/watched/runway.pg.test.ts', 'release frees the space'),
    ],
  ]),
  ...of('probes/judge/filling/disk-causes.ts', [
    ['our slots', 'our slots fill the disk of the primary', forPeople('a part of: by which name the history has them')],
  ]),
  ...of('probes/judge/filling/slot-cap.ts', [
    [
      'on the primary, as superuser: ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf(); watch its disk from then on',
      'a slot of ours is killed within the hour',
      situations('slot.cap'),
    ],
  ]),
];
