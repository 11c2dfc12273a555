import {mutationsOf, type Mutation} from '../mutation.ts';

const CALLS = ['test/engine/capture/dms/calls.test.ts'];
const LINT = ['test/engine/capture/dms/lint.test.ts'];

/** Tasks of DMS: from where they begin, and which are refused. */
export const DMS: readonly Mutation[] = [
  ...mutationsOf('src/engine/capture/dms/tasks/start-one.ts', CALLS, [
    'a task begins anywhere',
    'return CdcStartPosition === P;',
    'return CdcStartPosition !== null || P !== null;',
  ]),
  ...mutationsOf('src/engine/capture/dms/judge/judge-start.ts', CALLS, [
    'a task that somebody has started before is taken',
    '!isFresh(Status) && (cdcStarted === null || !claimed.includes(taskObject(slot)))',
    '!isFresh(Status) && !claimed.includes(taskObject(slot))',
  ]),
  ...mutationsOf(
    'src/engine/capture/dms/judge/lint-settings.ts',
    LINT,
    [
      'an error that is logged is fine',
      "const STOPS = isOneOf('STOP_TASK', 'SUSPEND_TABLE');",
      'const STOPS = (): boolean => true;',
    ],
    ['what nobody has set is fine', 'isGood(value ?? usual)', 'value === undefined || isGood(value)'],
  ),
  ...mutationsOf('src/engine/capture/dms/wanted/lob-limit.ts', CALLS, [
    'a LOB that was not measured has the limit of the others',
    "  if (measured.includes(null)) return {mode: 'unlimited'};\n",
    '',
  ]),
  ...mutationsOf('src/engine/capture/dms/wanted/mappings.ts', CALLS, [
    'a pattern names a table',
    "'rule-action': 'explicit'",
    "'rule-action': 'include'",
  ]),
];
