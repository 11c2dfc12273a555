import {existsSync} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {edit} from '../../support/edit.ts';
import {holdOpen, type LetGo} from '../../support/hold.ts';
import {eventually, longhaul, stateOf, type Ended} from '../../support/longhaul.ts';

const SEED = join(import.meta.dirname, 'seed.sql');

/** Engines that Longhaul starts by itself, and can turn round. */
export type HeldEngine = 'native' | 'pglogical';

/** What holds a cutover in a step: a lock or a transaction on a server; null where a command of the operator does, or server processes that are stopped. */
interface Hold {
  readonly step: StepId;
  readonly on: 'source' | 'target';
  readonly sql: string | null;
}

/** Every step before the target is opened, each with what it has to wait for. */
export const HELD_STEPS = [
  'prepare-reverse',
  'stop-writes',
  'drain',
  'copy-the-rest',
  'copy-sequences',
  'restore-triggers-and-keys',
  'compare-final',
  'start-reverse',
  'hand-over',
] as const satisfies readonly StepId[];

type HeldStep = (typeof HELD_STEPS)[number];

/** What it is held by is taken once writes are being stopped: before, the same would keep it from beginning. */
function holdOf(step: HeldStep, engine: HeldEngine): Hold {
  const onTarget = (sql: string | null): Hold => ({step, on: 'target', sql});
  switch (step) {
    case 'prepare-reverse':
      return onTarget('LOCK TABLE public.moves IN SHARE UPDATE EXCLUSIVE MODE');
    case 'drain':
      return onTarget('LOCK TABLE longhaul_cdc.lh_01 IN SHARE MODE');
    case 'copy-the-rest':
      return onTarget('LOCK TABLE public.scratch IN SHARE MODE');
    case 'copy-sequences':
      // It moves for as long as there are writers.
      return onTarget('SET TRANSACTION READ WRITE; ALTER SEQUENCE public.moves_id_seq INCREMENT 1');
    case 'restore-triggers-and-keys':
      // Changes are applied beside it, and no trigger is enabled.
      return onTarget('LOCK TABLE public.moves IN SHARE UPDATE EXCLUSIVE MODE');
    case 'start-reverse':
      return engine === 'native'
        ? onTarget('SET TRANSACTION READ WRITE; SELECT txid_current()')
        : {step, on: 'source', sql: 'LOCK TABLE pglogical.subscription IN SHARE MODE'};
    case 'stop-writes':
    case 'compare-final':
    case 'hand-over':
      return onTarget(null);
  }
}

/** Stops the server processes of the last comparison on the target: whoever reads a table there for longer than a moment keeps its lock from nobody else. */
async function freeze({target}: Lab): Promise<LetGo> {
  const rows = await target.sql(
    "SELECT pid FROM pg_stat_activity WHERE application_name ~ '^longhaul/rehearsal/final-'",
  );
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const [pid] of rows) process.kill(Number(pid), name);
  };
  if (rows.length === 0) throw new Error('the last comparison has no sessions yet');
  signal('SIGSTOP');
  return async () => signal('SIGCONT');
}

/** A lab whose cutover can be held in every step. */
export interface HeldLab {
  readonly lab: Lab;
  /** Begins a cutover, holds it in this step, and waits until it is there. */
  readonly cutOverTo: (step: HeldStep) => Promise<{readonly ended: Promise<Ended>}>;
  readonly letGo: () => Promise<void>;
  /** Whether the undo of the operator's command that stops the writes has run since the last cutover began. */
  readonly isUndone: () => boolean;
}

/** Starts it: rows that change capture does not carry, keys and triggers that wait for the cutover, a way back, commands of the operator. */
export async function startHeldLab(engine: HeldEngine): Promise<HeldLab> {
  const lab = await startLab({seed: SEED, engine, wayBack: true});
  const place = (name: string): string => join(lab.folder, name);
  // It waits for as long as its file is there.
  const waiting = (name: string): string =>
    `{run: [sh, -c, 'while [ -e ${place(name)} ]; do sleep 0.05; done'], undo: [touch, ${place(`${name}.undone`)}], time_limit: 5min}`;
  await edit(
    lab,
    ['caught_up_for: 3s', 'caught_up_for: 1s'],
    ['confirm:', 'timeouts: {lock: 1min}\nconfirm:'],
    [
      'cutover:\n',
      `cutover:\n  compare_for: 1min\n  stop_before:\n    - ${waiting('stop')}\n  hand_over:\n    - ${waiting('hand')}\n`,
    ],
  );
  await lab.source.sql(
    `CREATE UNLOGGED TABLE public.scratch (id serial PRIMARY KEY, words text); ALTER TABLE public.scratch OWNER TO app_owner`,
  );
  let held: LetGo | null = null;
  const letGo = async (): Promise<void> => {
    await held?.();
    held = null;
    for (const name of ['stop', 'hand']) await rm(place(name), {force: true});
  };
  return {
    lab,
    isUndone: () => existsSync(place('stop.undone')),
    letGo,
    cutOverTo: async (step) => {
      // Of what it has to copy again.
      await lab.source.sql(`INSERT INTO public.scratch (words) VALUES ('${step}')`);
      await rm(place('stop.undone'), {force: true});
      await writeFile(place('stop'), '');
      if (step === 'hand-over') await writeFile(place('hand'), '');
      const {on, sql} = holdOf(step, engine);
      const hold = async (): Promise<LetGo | null> => {
        if (step === 'compare-final') return freeze(lab);
        return sql === null ? null : holdOpen({target: lab[on]}, sql);
      };
      const attempt = ((await stateOf(lab)).cutover?.attempt ?? 0) + 1;
      if (step === 'prepare-reverse') held = await hold();
      const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
      const isIn = async (id: StepId): Promise<void> =>
        eventually(`the cutover to be in ${id}`, async () => {
          const {cutover, steps} = await stateOf(lab);
          if (cutover?.attempt === attempt && cutover.status === 'gone-back') throw new Error(cutover.goneBack?.reason);
          const isRunning = steps.some((one) => one.id === id && one.state.status === 'running');
          const isThere = id === 'prepare-reverse' || cutover?.stoppingAt != null;
          return cutover?.attempt === attempt && isRunning && isThere ? true : null;
        }).then(() => undefined);
      if (step !== 'prepare-reverse') {
        await isIn('stop-writes');
        held = await hold();
      }
      if (step !== 'stop-writes') {
        if (step !== 'prepare-reverse') await rm(place('stop'));
        await isIn(step);
      }
      return {ended};
    },
  };
}
