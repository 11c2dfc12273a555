import {mutationsOf, type Mutation} from '../mutation.ts';

const ABORT = ['test/engine/exit/guards-abort.test.ts'];
const ENGINES = ['test/engine/capture/engines.test.ts'];
const CHANGED = ['test/e2e/whole-runs/changed-meanwhile.test.ts'];

/** What an engine of change capture has made, and longhaul.yaml names another by now. */
export const CHANGED_ENGINE: readonly Mutation[] = [
  ...mutationsOf('src/engine/runbook.ts', ABORT, [
    'slots of the engine that longhaul.yaml had before are not dropped',
    'claimed.some(isOnlyIts)',
    'claimed.length < 0',
  ]),
  ...mutationsOf(
    'src/engine/capture/check-engine.ts',
    ENGINES,
    ['slots of another engine are forgotten', '!engine.owns(object) && ', 'engine.owns(object) && '],
    ['what no engine has made is taken for one of theirs', ' && ALL_ENGINES.some((other) => other.owns(object))', ''],
  ),
  ...mutationsOf('src/engine/preflight/run-preflight.ts', CHANGED, [
    'a change of engine is not looked for',
    "  {id: 'engine', check: checkEngine},\n",
    '',
  ]),
];
