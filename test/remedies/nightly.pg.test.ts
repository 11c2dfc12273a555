import {execFileSync} from 'node:child_process';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {longhaul, mustEndWell} from '../support/longhaul.ts';

/** The steps of one run, a minute and a half: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY)('a remedy of a run is carried out as it is written, and the run goes on', () => {
  let lab: Lab;
  const inRun = (name: string): string => join(lab.folder, 'run', name);

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await mustEndWell(lab, 'plan');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  /** Types a command that must fail and say this remedy; then the remedy’s own command, which is the first group, with more behind it. */
  async function failsAndHelps(words: string, remedy: RegExp, more = ''): Promise<void> {
    await carry(await failing(words, remedy), more);
  }

  async function failing(words: string, remedy: RegExp): Promise<string> {
    const {code, stdout, stderr} = await longhaul(lab, ...words.split(' '));
    expect(code, stdout + stderr).not.toBe(0);
    // As it is copied from the screen, with the --config that say() has put in.
    const said = (stdout + stderr).replaceAll(/longhaul --config \S+ /g, 'longhaul ');
    const found = remedy.exec(said);
    if (found === null) throw new Error(`no ${String(remedy)} in: ${said}`);
    return found[1] ?? '';
  }

  async function carry(command: string, more = ''): Promise<void> {
    await mustEndWell(lab, ...`${command} ${more}`.trim().split(' '));
  }

  /** A command for a shell, with the conninfos of longhaul.yaml in the place of SOURCE, REPLICA and TARGET. */
  async function inShell(command: string): Promise<void> {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    const shown = command.replaceAll(/-d (SOURCE|REPLICA|TARGET)/g, (_, role: string) => {
      const [, conninfo = ''] = new RegExp(`^${role.toLowerCase()}: (.*)$`, 'm').exec(yaml) ?? [];
      return `-d "${conninfo}"`;
    });
    const env = {...process.env, PATH: `${lab.target.clientBin}:${process.env['PATH']}`};
    execFileSync('bash', ['-o', 'pipefail', '-c', shown], {env});
  }

  test('an inventory that is damaged, and one that is not there', async () => {
    await writeFile(inRun('inventory.json'), '{');
    await failsAndHelps('plan', /longhaul (plan --fresh) takes it anew/);
    await rm(inRun('inventory.json'));
    await failsAndHelps(
      'run --plain --from create-slots --until create-slots',
      /longhaul run --from inventory, or longhaul (plan)\b/,
    );
  });

  test('other tables in longhaul.yaml than the inventory has', async () => {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, `${yaml}\ntables:\n  exclude: [public.events]\n`);
    const fresh = await failing(
      'plan',
      /put them back as they were; or, if that is what you want: longhaul (plan --fresh)/,
    );
    await carry(fresh);
    await writeFile(lab.yamlPath, yaml);
    await carry(await failing('plan', /longhaul (plan --fresh) takes inventory and plan anew/));
  });

  test('a plan that is damaged, and one that is not there', async () => {
    await writeFile(inRun('plan.yaml'), 'units: [');
    const plan = await failing('run --plain --until plan-slots', /delete the file: longhaul (plan) makes it anew/);
    await rm(inRun('plan.yaml'));
    await carry(plan);
    await rm(inRun('plan.yaml'));
    await failsAndHelps(
      'run --plain --from create-slots --until create-slots',
      /longhaul (plan), or longhaul run --from plan-slots/,
    );
  });

  test('a table that has come since the inventory', async () => {
    await lab.source.sql(
      'CREATE TABLE public.late (id integer PRIMARY KEY); INSERT INTO public.late VALUES (1); GRANT SELECT ON public.late TO longhaul',
    );
    await failsAndHelps('run --plain --until add-tables', /longhaul (plan --fresh) takes inventory and plan anew/);
  });

  test('a manifest that is not there', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    await rm(inRun('manifest.json'));
    await failsAndHelps(
      'run --plain --from strip-target --until strip-target',
      /longhaul (run --from copy-schema)/,
      '--plain --until strip-target',
    );
  });

  test('a table that the target lacks', async () => {
    await lab.target.sql('DROP TABLE public.late');
    const command = await failing(
      'run --plain --until full-load',
      /as they are on the source: (pg_dump --section=pre-data .* \| psql -d TARGET)/,
    );
    await inShell(command);
    await mustEndWell(lab, 'run', '--plain', '--until', 'full-load');
  });

  test('rows that differ after the load', async () => {
    await lab.target.sql('INSERT INTO public.late VALUES (2); ALTER TABLE public.late OWNER TO longhaul');
    await inShell(await failing('run --plain --until compare-rows', /which is at P: (\(echo .* -d TARGET)/));
    await mustEndWell(lab, 'run', '--plain', '--until', 'compare-rows');
    expect(await lab.target.sql('SELECT count(*) FROM public.late')).toEqual([['1']]);
  });
});
