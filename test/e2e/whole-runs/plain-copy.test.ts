import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {partOf} from '../../../src/domain/run/table-part.ts';
import {runbookIds} from '../../../src/domain/run/step-id.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {addEveryType, methodsOfEveryType} from '../../support/every-type.ts';
import {loadBy} from '../../support/hold.ts';
import {journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** What a plain copy has none of, and nothing about it is to be read. */
const OF_SLOTS = /\bslots?\b|replication sets?|pglogical|start change capture|create-node/i;

const LOGICAL_SLOTS = "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'";

describe('a plain copy at P, of a source that nobody could replicate from', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: join(import.meta.dirname, '../../support/two-tables.sql'), encoding: 'LATIN1'});
    // Text that is not ASCII, an identity column, and more pages than one part has.
    await lab.source.sql(`CREATE TABLE public.words (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text);
      INSERT INTO public.words (word) SELECT 'K' || chr(228) || 'se ' || repeat(n::text, 20) FROM generate_series(1, 3000) AS n;
      ANALYZE`);
    await addEveryType(lab);
    await lab.source.sql('DROP EXTENSION pglogical CASCADE');
    await lab.source.sql("ALTER SYSTEM SET wal_level = 'replica'");
    await lab.source.restart();
    await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace('engine: dms', 'engine: none'));
    await loadBy(lab, 'auto', '128kB');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes');
    await lab.stop();
  });

  test('is checked, planned and shown without a word of slots', async () => {
    const checked = await mustEndWell(lab, 'check');
    const planned = await mustEndWell(lab, 'plan');
    const shown = await mustEndWell(lab, 'plan', '--sql');
    const steps = await mustEndWell(lab, 'steps');
    expect(shown.stdout).toContain('pg_wal_replay_pause()');
    for (const {stdout} of [checked, planned, shown, steps]) {
      const words = stdout.replaceAll(/plan-slots|'"?pglogical(_origin)?"?'/g, '');
      expect(words.split('\n').filter((line) => OF_SLOTS.test(line))).toEqual([]);
    }
  });

  test('a trigger that leaves rows out ends its unit, in binary form and as text, and once it is off the unit is loaded', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    await lab.source.sql(
      "INSERT INTO public.accounts VALUES (101, 'came after P'); DELETE FROM public.entries WHERE id < 10",
    );
    await lab.target.sql(`
      CREATE FUNCTION public.leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id = 7 THEN RETURN NULL; END IF; RETURN NEW; END';
      CREATE TRIGGER leave_out BEFORE INSERT ON public.words FOR EACH ROW EXECUTE FUNCTION public.leave_out();
      CREATE TRIGGER leave_out BEFORE INSERT ON public.accounts FOR EACH ROW EXECUTE FUNCTION public.leave_out()`);
    const {code, stdout} = await longhaul(lab, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/\d+ rows of public\.words were sent, and \d+ taken/);
    // Several tables in one stream are text.
    expect(stdout).toMatch(/100 rows of public\.accounts were sent, and 99 taken/);
    const failed = (await stateOf(lab)).units.filter(({state}) => state.status === 'failed');
    expect(failed.map(({id}) => id).toSorted()).toEqual([
      expect.stringContaining('public.words.pages-0-'),
      expect.stringContaining('-tables'),
    ]);
    await lab.target.sql('DROP FUNCTION public.leave_out() CASCADE');
    for (const {id} of failed) await mustEndWell(lab, 'retry', id);
    await mustEndWell(lab, 'run', '--plain', '--until', 'full-load');
  });

  test('is equal to the replica at P, whatever is written on the source meanwhile', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'compare-rows');
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
    expect(await lab.target.sql('SELECT count(*) FROM public.accounts')).toEqual([['100']]);
    const parts = (await stateOf(lab)).units.filter(({id}) => partOf(id) !== null);
    expect(parts.length).toBeGreaterThan(2);
    for (const sequence of ['words_id_seq', 'entries_id_seq'])
      expect(await lab.target.sql(`SELECT last_value, is_called FROM public.${sequence}`)).toEqual(
        await lab.replica.sql(`SELECT last_value, is_called FROM public.${sequence}`),
      );
    expect(await lab.target.sql('SELECT count(*) FROM public.words WHERE ascii(substr(word, 2)) = 228')).toEqual([
      ['3000'],
    ]);
    expect((await stateOf(lab)).boundaryProved).toBe(true);
  });

  test('has brought every type in binary form where that is the same on both sides, and as text where it is not', async () => {
    expect(await methodsOfEveryType(lab)).toEqual({
      core: ['binary'],
      own: ['binary'],
      nested: ['binary'],
      other: ['copy'],
    });
  });

  test('is done once P was proved again and the replica goes on; a run after that finds all done', async () => {
    const run = await mustEndWell(lab, 'run', '--plain');
    expect(run.stdout).toContain('resume-replay done');
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['f']]);
    const again = await mustEndWell(lab, 'run', '--plain');
    expect(again.stdout).toContain('the run is done');
    const state = await stateOf(lab);
    expect(state.steps.map(({id, state: {status}}) => `${id} ${status}`)).toEqual(
      runbookIds('none').map((id) => `${id} done`),
    );
    expect((await journalOf(lab)).filter(({type}) => type === 'boundary.proved').length).toBeGreaterThan(1);
  });

  test('has left nothing on the source, and nothing about slots on screen and in the report', async () => {
    expect(await lab.source.sql(LOGICAL_SLOTS)).toEqual([['0']]);
    expect((await stateOf(lab)).claimed).toEqual(['schema on the target']);
    for (const words of [['status'], ['report'], ['abort', '--yes', 'rehearsal']] as const) {
      const {stdout, stderr} = await mustEndWell(lab, ...words);
      // A row of the report's table is evidence, as data: it says `slots none`.
      const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.startsWith('| '));
      expect(lines.filter((line) => OF_SLOTS.test(line.replace('plan-slots', '')))).toEqual([]);
    }
  });
});
