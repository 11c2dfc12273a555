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
    ['a disk that is all but full lacks nothing', 'lackingBytes: last - freeBytes', 'lackingBytes: 0'],
  ),
  ...mutationsOf(
    'src/domain/rules/release-advice.ts',
    ['test/domain/rules/release-advice.test.ts'],
    ['a release is advised that frees little', 'return freed > wanted\n', 'return freed > 0\n'],
    [
      'a release is advised for what a disk far larger does not feel',
      'Math.max(leastRoom(freeBytes ?? 0), lackingBytes / 2)',
      'leastRoom(freeBytes ?? 0)',
    ],
    ['a release is advised while no slot can be dropped', "  if (!answers) return {is: 'out of reach'};\n", ''],
    [
      'it is not said that a release ends change capture',
      'endsCapture: state.cdcStarted !== null',
      'endsCapture: false',
    ],
    ['a release is offered beside others while no slot can be dropped', 'if (!answers || (freed', 'if ((freed'],
    [
      'a release is offered beside others for next to nothing',
      ' || (freed !== null && freed < LEAST_ROOM_BYTES)) return',
      ') return',
    ],
  ),
  ...mutationsOf('src/probes/judge/observed.ts', DISKS, [
    'a server that is away counts as there',
    'return !findSilent(',
    'return true || !findSilent(',
  ]),
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
