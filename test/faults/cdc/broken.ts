import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Lab} from '../../../src/lab/lab.ts';
import {eventually, stateOf} from '../../support/longhaul.ts';
import type {SmallVolume} from '../../support/small-volume.ts';
import type {EngineHands} from './hands.ts';
import type {Way} from './proxy.ts';

/** What a fault works with. `number` is another in each story. */
export interface Broken {
  readonly lab: Lab;
  readonly hands: EngineHands;
  readonly way: Way;
  readonly random: () => number;
  readonly number: number;
  /** The small file system of the target's data; null where none could be made. */
  readonly volume: SmallVolume | null;
}

/** A fault in change capture that runs: breaks it, and has it mended again as what is told of it says. Gives what was not as it has to be. */
export type CdcFault = (broken: Broken) => Promise<string[]>;

/** For whoever means it: the target's database is read-only by default. */
export const WRITE = 'SET default_transaction_read_only = off;';
/** An alarm is due after twenty seconds without a worker. */
const TOLD_MS = 120_000;

/** Figures by which an alarm of change capture is due, with how much of it makes it so. */
const DUE = {down: ['down_seconds', 20], blocked: ['blocked_by', 1], stopped: ['disabled', 1]} as const;

/** An alarm that is to be told: `cdc.down` of a slot, with these words in its remedy. */
export interface ToBeTold {
  readonly alarm: keyof typeof DUE;
  readonly slot: string;
  readonly remedy: string;
}

/** Waits until an alarm of a slot is due, and raised; gives what was not told. One that is over is told for a minute more, and says nothing of this fault. */
export async function told(lab: Lab, {alarm, slot, remedy}: ToBeTold): Promise<string[]> {
  const [figure, least] = DUE[alarm];
  const id = `cdc.${alarm}:${slot}`;
  await eventually(
    `${figure} of ${slot}`,
    async () => ((await figureOf(lab, figure, slot)) >= least ? true : null),
    TOLD_MS,
  );
  return said(lab, id, remedy);
}

/** Waits for an alarm of this id, and gives what its remedy does not say. */
export async function said(lab: Lab, id: string, remedy: string): Promise<string[]> {
  const {remedy: has} = await eventually(
    `the alarm ${id}`,
    async () => (await stateOf(lab)).alarms.find((one) => one.id === id) ?? null,
    TOLD_MS,
  );
  return has.includes(remedy) ? [] : [`the remedy of ${id} does not say ${remedy}: ${has}`];
}

/** What the supervisor has read last of a slot; 0 where it has read none. */
async function figureOf(lab: Lab, name: string, slot: string): Promise<number> {
  const text = await readFile(join(lab.folder, METRICS), 'utf8').catch(() => '');
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`longhaul_cdc_${name}{`) && one.includes(`"slot ${slot}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** Where the lab's supervisor writes what it has read. */
export const METRICS = 'cdc.prom';

/** Waits until each slot but this one is applied by a worker; gives what was not so. */
export async function othersRun({lab, hands}: Broken, slot: string): Promise<string[]> {
  try {
    await eventually(
      'the other slots to be applied',
      async () => {
        const running = await hands.running(lab);
        return hands.slots.every((one) => one === slot || running.includes(one)) ? true : null;
      },
      10_000,
    );
    return [];
  } catch {
    return ['another slot had stopped as well'];
  }
}
