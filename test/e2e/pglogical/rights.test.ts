import {readFileSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {longhaul, mustEndWell} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

async function edit(lab: Lab, ...changes: readonly (readonly [string, string])[]): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(
    lab.yamlPath,
    changes.reduce((text, [from, to]) => text.replace(from, to), yaml),
  );
}

/** What `check` says of the target, of these severities. */
async function saidOfTarget(lab: Lab, ...severities: readonly string[]): Promise<{check: string; remedy: string}[]> {
  const {stdout} = await longhaul(lab, 'check', '--json');
  const said: {findings: {check: string; severity: string; remedy: string}[]} = JSON.parse(stdout);
  return said.findings.filter(
    ({severity, check}) => severities.includes(severity) && check.startsWith('target.') && check !== 'target.create',
  );
}

describe.skipIf(!NIGHTLY)('rights and ways of change capture by pglogical (nightly)', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'none'});
    await edit(lab, ['  engine: none', '  engine: pglogical\n  caught_up_for: 1s\nslots:\n  prefix: lh_\n  count: 2']);
    await lab.source.sql('GRANT CREATE ON DATABASE app TO longhaul');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('what is missing on the target is named with what gives it, and that is carried out as it is written', async () => {
    await lab.target.sql('ALTER SYSTEM SET track_commit_timestamp = on');
    await lab.target.restart();
    const named = new Set<string>();
    const carried: string[] = [];
    // One hides the next: without the extension nobody can be asked for rights in it.
    for (;;) {
      const [first] = await saidOfTarget(lab, 'blocker', 'warning');
      if (first === undefined || carried.includes(first.remedy)) break;
      named.add(first.check);
      carried.push(first.remedy);
      await carryOut(lab, first.remedy, {application: null});
      if (first.check === 'target.preload') {
        await lab.target.sql("ALTER SYSTEM SET pglogical.conflict_resolution = 'last_update_wins'");
        await lab.target.sql('SELECT pg_reload_conf()');
      }
      if (first.check === 'target.pglogical')
        await lab.target.sql('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO PUBLIC');
    }
    expect([...named].toSorted()).toEqual([
      'target.conflict-resolution',
      'target.not-strict',
      'target.origin',
      'target.pglogical',
      'target.pglogical-open',
      'target.preload',
    ]);
    expect(await saidOfTarget(lab, 'blocker', 'warning')).toEqual([]);
    // Each of them is a check of all servers.
  }, 600_000);

  test('a target that does not reach the source is told the way that it has tried, without the password', async () => {
    await edit(lab, ['  engine: pglogical\n', '  engine: pglogical\n  source_for_target: port=1\n']);
    const run = await longhaul(lab, 'run', '--plain');
    const password = readFileSync(`${lab.folder}/pgpass`, 'utf8').trim().split(':').at(-1) ?? '';
    expect(run.stdout).toContain("port=1 dbname=app user=longhaul sslmode=prefer password='********'");
    expect(`${run.stdout}${run.stderr}`).not.toContain(password);
    expect(readFileSync(`${lab.folder}/run/journal.jsonl`, 'utf8')).not.toContain(password);
    expect(await lab.target.sql('SELECT sub_name FROM pglogical.subscription')).toEqual([]);
    await edit(lab, ['  source_for_target: port=1\n', '']);
    await longhaul(lab, 'shutdown');
    await mustEndWell(lab, 'run', '--plain');
    await drained(lab);
    expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('release and a second run: tables that are in their sets already apply nothing before the load', async () => {
    await mustEndWell(lab, 'release', '--yes', 'rehearsal');
    expect(await lab.target.sql('SELECT sub_name FROM pglogical.subscription')).toEqual([]);
    await lab.source.sql("INSERT INTO public.accounts (id, note) VALUES (-1, 'between the runs')");
    await mustEndWell(lab, 'run', '--plain');
    await drained(lab);
    expect(compareFingerprints(await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });
});
