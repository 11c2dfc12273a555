import {expect, test} from 'vitest';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {parseConfig} from '../../../src/config/load.ts';
import {runFacts} from '../../../src/engine/run/run-facts.ts';
import {runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {runbook} from '../../../src/engine/runbook.ts';
import {NO_TOOLS} from '../../../src/engine/tools/tools.ts';

test('the console is told of the way back in its own words, step by step, and no step has the id of another', () => {
  const config = parseConfig(
    `run: acme\n${['source', 'replica', 'target'].map((role) => `${role}: host=h port=1 dbname=app user=ana\n`).join('')}cdc: {engine: native}\n`,
    '/etc/acme.yaml',
    surroundings({HOME: '/home/ana'}),
  );
  const {steps} = runFacts({config, folder: runFolderAt('/var/lib/acme'), steps: runbook(config), tools: NO_TOOLS});
  expect(new Set(steps.map(({id}) => id)).size).toBe(steps.length);
  expect(steps.filter(({phase}) => phase === 'back').map(({id, title}) => `${id}: ${title}`)).toEqual([
    'back-stop-writes: stop the writes on the target',
    'back-drain: wait until the source has everything',
    'back-copy-the-rest: copy again what change capture does not carry',
    'back-copy-sequences: copy the sequences',
    'back-start-forward: keep on the source what is written there for the target',
    'back-hand-over: open the source for writes',
  ]);
});
