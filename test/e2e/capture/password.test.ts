import {readFileSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Lab} from '../../../src/lab/lab.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, NIGHTLY} from './story.ts';

const NEXT = "another'one";

describe.skipIf(!NIGHTLY).each(ENGINES)('a password that is changed while %s captures (nightly)', (engine) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await capturing(engine);
  });
  afterAll(async () => ended(lab));

  test('stops its slots, is told, and by what that says the subscriptions have the new one, which nobody is shown', async () => {
    const role = `longhaul`;
    await lab.source.sql(`ALTER ROLE ${role} PASSWORD '${NEXT.replaceAll("'", "''")}'`);
    await lab.source.sql(
      "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_type = 'logical'",
    );
    const {remedy} = await alarmOf(lab, 'cdc.down:lh_01');
    expect(remedy).toContain('longhaul shutdown; longhaul run; longhaul cdc resume lh_01');
    await lab.source.sql("UPDATE public.accounts SET note = 'with the new one'");
    await writeNext(lab);
    await longhaul(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--detach');
    const said = await mustEndWell(lab, 'cdc', 'resume', 'lh_01');
    expect(await differing(lab)).toEqual([]);
    expect((await stateOf(lab)).capture.sourceLost).toBeNull();
    const written = ['target.log', 'source.log', 'run/journal.jsonl'].map((name) =>
      readFileSync(join(lab.folder, name), 'utf8'),
    );
    for (const text of [said.stdout, said.stderr, ...written]) expect(text).not.toContain(NEXT);
  });

  test('and abort takes it all away, as ever', async () => {
    await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
    const left =
      engine === 'native' ? 'SELECT subname FROM pg_subscription' : 'SELECT sub_name FROM pglogical.subscription';
    expect(await lab.target.sql(left)).toEqual([]);
    expect(await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'")).toEqual([]);
  });
});

/** Of the source alone: the others have their own line. */
async function writeNext(lab: Lab): Promise<void> {
  const path = join(lab.folder, 'pgpass');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const next = lines.map((line) => {
    const [, port] = line.split(':');
    return port === String(lab.source.port) || port === '*' ? line.replace(/[^:]*$/, NEXT) : line;
  });
  await writeFile(path, next.join('\n'), {mode: 0o600});
}
