// npm run pictures: docs/pictures/*.png, the console of a real run on a lab of three servers, as a terminal shows it.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {build} from '../../bench/console/build.ts';
import {type BenchTerminal, onPty, pause, waitForScreen} from '../../bench/console/terminal.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {drawTerminal} from './draw-terminal.ts';

const FOLDER = join(import.meta.dirname, '../../docs/pictures');
const bin = build();
const lab = await startLab({size: 1, confirm: 'typed'});
try {
  // On the source the check costs nothing; it comes to the target with the schema, where it is made slow below.
  await addCheck(lab, ['public.events', 'billing.line_items', 'public.audit_log']);
  await startWriteLoad(lab, 50);
  const shown = onPty([bin, '--config', lab.yamlPath, 'run'], {columns: 160, rows: 45});
  await confirm(shown, 'create-slots');
  await confirm(shown, 'add-tables');
  await see(shown, 'Run pause-replay:');
  shown.resize(100, 30);
  shown.type('c');
  await see(shown, "Type the run's name");
  await pause(500);
  take(shown, 'dialog');
  shown.type('\u001b');
  shown.resize(160, 45);
  await makeSlow(lab);
  await confirm(shown, 'pause-replay');
  await see(shown, '3▶');
  await pause(40_000);
  shown.type('2/audit\r');
  await pause(500);
  shown.type('p');
  await see(shown, 'stay held');
  shown.type('\u001b');
  await pause(6000);
  take(shown, 'load');
  shown.resize(80, 24);
  await pause(1500);
  take(shown, 'small');
  shown.type('Uq');
} finally {
  const ending = onPty([bin, '--config', lab.yamlPath, 'shutdown', '--lanes', '--yes', 'rehearsal'], {columns: 80, rows: 24});
  await see(ending, 'the supervisor ends').catch(() => undefined);
  await lab.stop();
}
process.exit(0);

/** A check that takes its time for every row, so that there is something to see. */
async function addCheck({source}: Lab, tables: readonly string[]): Promise<void> {
  await source.sql(`CREATE FUNCTION public.slow() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END'`);
  for (const table of tables) await source.sql(`ALTER TABLE ${table} ADD CONSTRAINT slow CHECK (public.slow())`);
}

async function makeSlow({target}: Lab): Promise<void> {
  await target.sql(
    `CREATE OR REPLACE FUNCTION public.slow() RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.0003); RETURN true; END'`,
  );
}

function take(terminal: BenchTerminal, name: string): void {
  writeFileSync(join(FOLDER, `${name}.png`), drawTerminal(terminal.terminal));
}

async function see(terminal: BenchTerminal, text: string): Promise<void> {
  await waitForScreen(terminal, (screen) => screen.join('\n').includes(text), 60_000);
}

async function confirm(terminal: BenchTerminal, step: string): Promise<void> {
  await see(terminal, `Run ${step}:`);
  terminal.type('c');
  await see(terminal, "Type the run's name");
  terminal.type('rehearsal\r');
}
