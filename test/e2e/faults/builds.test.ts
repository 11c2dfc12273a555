import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {beginLoad, holdOpen, type LetGo} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {logStatements, readStatements} from '../../support/server-log.ts';

let lab: Lab;
let letGo: LetGo = nobody;

async function nobody(): Promise<void> {}

beforeAll(async () => {
  lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql')});
  await logStatements(lab.target);
  await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
});
afterAll(async () => {
  await letGo();
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

const isCommitted = async (table: string): Promise<boolean> =>
  (await stateOf(lab)).units.some(({tables, state}) => tables[0]?.name === table && state.status === 'committed');
const targetSays = async (query: string): Promise<boolean> => (await lab.target.sql(query)).length > 0;
/** What was asked of the target by sessions that build, and by the run itself. */
const asked = async (word: RegExp, by: RegExp): Promise<string[]> =>
  (await readStatements(lab.target, by)).flatMap(({texts: [text = '']}) => word.exec(text)?.[0] ?? []);
const INDEX = /(CREATE [A-Z ]*INDEX \w+|ADD CONSTRAINT "\w+")/;

test('a supervisor that is killed while an index is built finds that build, and goes on beside the load: no index twice, none missing', async () => {
  // Entries load when they are let go; accounts come in at once, and their index is not committed before that.
  await lab.target.sql(`
    CREATE FUNCTION public.hold_build() RETURNS event_trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_catalog.pg_advisory_xact_lock_shared(43); END';
    CREATE EVENT TRIGGER hold_build ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION public.hold_build()`);
  letGo = await holdOpen(lab, 'LOCK TABLE public.entries IN SHARE MODE; SELECT pg_advisory_xact_lock(43)');
  await beginLoad(lab, 1, null);
  await eventually('the accounts', async () => ((await isCommitted('accounts')) ? true : null));
  const build = `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE '%/index-%' AND query LIKE 'CREATE UNIQUE%' AND wait_event_type = 'Lock'`;
  await eventually('a build that waits', async () => ((await targetSays(build)) ? true : null));
  const {supervisor} = await stateOf(lab);
  process.kill(supervisor?.pid ?? 0, 'SIGKILL');
  await longhaul(lab, 'run', '--detach');
  const looks = (await asked(/FROM pg_locks/, /\/run$/)).length;
  await eventually('the next supervisor to ask who builds', async () => {
    const begun = (await journalOf(lab)).filter(({type}) => type === 'supervisor.started').length;
    return begun > 1 && (await asked(/FROM pg_locks/, /\/run$/)).length > Math.max(1, looks) ? true : null;
  });
  expect(await isCommitted('entries')).toBe(false);
  await letGo();
  const {stdout} = await longhaul(lab, 'run', '--plain');
  // What the test itself has made is all that differs.
  expect(stdout).toContain('1 object is not as on the source: function public.hold_build() is on the target only');
  expect((await asked(INDEX, /\/index-\d+$/)).toSorted()).toEqual([
    'ADD CONSTRAINT "accounts_pkey"',
    'ADD CONSTRAINT "entries_pkey"',
    'CREATE INDEX entries_account',
    'CREATE UNIQUE INDEX accounts_pkey',
    'CREATE UNIQUE INDEX entries_pkey',
  ]);
  const {steps} = await stateOf(lab);
  expect(steps.find(({id}) => id === 'build-indexes')?.state.status).toBe('done');
});
