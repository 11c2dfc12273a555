import {mutationsOf, type Mutation} from '../mutation.ts';

const DISKS = ['test/probes/judge/filling/disk-alarms.test.ts'];
const SHAPES = ['test/probes/judge/filling/load-shapes.test.ts'];

/** When production's disks are alarms, for how long, and whether a release is advised. */
export const ALARMS: readonly Mutation[] = [
  ...mutationsOf(
    'src/probes/judge/filling/disk-alarms.ts',
    DISKS,
    [
      'a WAL disk goes by what is likely',
      "server === 'target' ? runway.minutes : runway.soonest",
      "server === 'target' ? runway.soonest : runway.minutes",
    ],
    ['a burst raises it', '!hasLasted(observed, server, limit)) return [];', '!observed) return [];'],
    ['it is over while writers pause', 'if (isFar && mayGo(observed, server)) return [];', 'if (isFar) return [];'],
    [
      'it is over where nothing is written',
      'if (mayGo(observed, server)) return [];\n  const seen',
      'return [];\n  const seen',
    ],
    ['a release is advised that frees little', 'return helps\n', 'return freed > 0 || helps\n'],
  ),
  ...mutationsOf(
    'src/probes/judge/filling/lasting.ts',
    DISKS,
    ['room that was made before counts', '> raisedMs) return true', '> 0) return true'],
    ['a short watch is enough', '2 * limitMinutes * 60_000', 'limitMinutes * 6000'],
  ),
  ...mutationsOf(
    'src/domain/filling/envelope.ts',
    SHAPES,
    ['what grows faster than ever is passed', 'fastestNow = Math.max(fastestNow, now / ms)', 'fastestNow = 0'],
    ['a window as long as the watch counts', 'lengthsUpTo(spanMs / 2)', 'lengthsUpTo(spanMs)'],
    ['the loosest window counts', 'Math.max(0, ...soonest)', 'Math.max(0, ...soonest) * 1.5'],
  ),
  ...mutationsOf('src/domain/filling/disk-causes.ts', DISKS, [
    'what others hold as well counts as freed',
    '(ours.bytes ?? 0) - (foreign?.bytes ?? 0)',
    'ours.bytes ?? 0',
  ]),
];
