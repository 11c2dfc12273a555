import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {isCutoverComplete} from '../../../src/domain/rules/cutover.ts';
import {mirroredStep} from '../../../src/domain/run/back/mirror.ts';
import {isCutoverUnderWay} from '../../../src/domain/run/cutover/cutover.ts';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {isListening} from '../../../src/engine/wire/probe-socket.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {HELD_STEPS} from '../../e2e/cutover/held.ts';
import {longhaul, stateOf, type Ended} from '../../support/longhaul.ts';
import type {Application, Side} from './application.ts';
import {tailJournal, type Tail} from './tail.ts';

const MAIN = join(import.meta.dirname, '../../../dist/cli/main.js');

/** The side that the writers are on before a story, with the command that leads to the other one. */
export interface Direction {
  readonly from: Side;
  readonly to: Side;
  readonly command: 'cutover' | 'back';
}

/** A command that was given, and that may be killed. */
export interface Order {
  readonly pid: number;
  readonly ended: Promise<Ended & {readonly killed: boolean}>;
  readonly isOver: () => boolean;
}

/** What a fault works with. */
export interface Story {
  readonly lab: Lab;
  readonly app: Application;
  readonly direction: Direction;
  readonly from: LabServer;
  readonly to: LabServer;
  readonly random: () => number;
  readonly tail: Tail;
  /** Deals the moments of this direction: each comes before any comes again. */
  readonly deal: () => Moment;
  /** A file of the lab, by which the operator's commands are led. */
  readonly place: (name: string) => string;
}

/** The moments at which something happens: a step begins, or is over; the words before and after the opening. */
const MOMENTS = [...HELD_STEPS, 'opening', 'handed-over'] as const;

/** One of them, or that writes are being stopped: what keeps an order from beginning is behind it. */
export type Moment = (typeof MOMENTS)[number] | 'stopping';

/** Gives a command as an operator does. */
export function give(lab: Lab, ...args: string[]): Order {
  const child = spawn(process.execPath, [MAIN, '--config', lab.yamlPath, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
  const said = {stdout: '', stderr: ''};
  child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
  let isOver = false;
  const ended = new Promise<Ended & {killed: boolean}>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true;
      resolve({...said, code: code ?? 1, killed: signal !== null});
    });
  });
  return {pid: child.pid ?? 0, ended, isOver: () => isOver};
}

/** Gives the order that leads to the other side. */
export function giveOrder({lab, direction}: Pick<Story, 'lab' | 'direction'>): Order {
  return give(lab, direction.command, '--yes', 'rehearsal', '--plain');
}

/** Waits until an order is at this moment; false where it ends before. */
export async function at({tail, direction}: Story, moment: Moment, order: Order): Promise<boolean> {
  const words = direction.command === 'cutover' ? 'cutover' : 'back';
  const is = (event: RunEvent): boolean => {
    if (moment === 'stopping' || moment === 'opening' || moment === 'handed-over')
      return event.type === `${words}.${moment}`;
    const step: StepId = words === 'cutover' ? moment : mirroredStep(moment);
    return event.type === 'step.started' && event.step === step;
  };
  return tail.until(is, order.isOver);
}

/** The steps that a way back has none of. */
const FORWARD: readonly Moment[] = ['prepare-reverse', 'restore-triggers-and-keys', 'compare-final'];

/** Gives moments by chance, of those that a direction has: each once before any comes again. */
export function createDeck(random: () => number): (command: Direction['command']) => Moment {
  let left: Moment[] = [];
  return (command) => {
    const fits = (moment: Moment): boolean => command === 'cutover' || !FORWARD.includes(moment);
    if (!left.some(fits)) left = [...left, ...MOMENTS.filter((moment) => !left.includes(moment))];
    const all = left.filter(fits);
    const moment = all[Math.floor(random() * all.length)] ?? 'drain';
    left = left.filter((one) => one !== moment);
    return moment;
  };
}

/** Waits for the moment that is dealt, and a little longer. */
export async function atRandomMoment(story: Story, order: Order, withinMs = 150): Promise<Moment> {
  const moment = story.deal();
  const afterMs = story.random() * withinMs;
  await at(story, moment, order);
  await wait(afterMs);
  return moment;
}

/** What is told of where it has come to. */
export interface Settled {
  readonly side: Side;
  /** How many commands the operator needed after the order. */
  readonly commands: number;
}

const SETTLES_MS = 120_000;

/**
 * As an operator does it: looks at the status, and gives the command that it names, until nothing is under way any more. Throws where that does not come to an end.
 */
export async function settle(lab: Lab, random: () => number): Promise<Settled> {
  const end = performance.now() + SETTLES_MS;
  const said: string[] = [];
  for (let commands = 0; ; await wait(100)) {
    const {cutover, back} = await stateOf(lab);
    if (performance.now() > end)
      throw new Error(
        `neither side after ${SETTLES_MS} ms: cutover ${cutover?.status}, back ${back?.status}; ${said.join('; ')}`,
      );
    const isBack = isCutoverUnderWay(back);
    const one = isBack ? back : isCutoverUnderWay(cutover) ? cutover : null;
    const isOpen = cutover?.status === 'handed-over';
    const isWhole = !isOpen || back?.status === 'opening' || isCutoverComplete(await stateOf(lab));
    const isThere = await isListening(join(lab.folder, 'run', 'supervisor.sock'));
    if (one === null && isWhole && !isThere) {
      // Whoever is left without a supervisor begins one: what follows the other side is its work.
      await longhaul(lab, 'run', '--plain', '--detach');
      return {side: isOpen ? 'target' : 'source', commands: commands + 1};
    }
    if (one === null && isWhole) return {side: isOpen ? 'target' : 'source', commands};
    if (isThere) {
      // What is done behind the opening is waited for, or ended by whoever goes on.
      if (one !== null || !(await hasStopped(lab))) continue;
    }
    commands += 1;
    const words = wordsOf(isBack ? 'back' : 'cutover', one?.status ?? 'handed-over', random);
    const {code, stderr} = await longhaul(lab, ...words);
    if (code !== 0) said.push(`${words.join(' ')} said: ${stderr.trim().slice(0, 300)}`);
  }
}

/** Whether the walk behind the hand-over has ended with something left. */
async function hasStopped(lab: Lab): Promise<boolean> {
  const {steps} = await stateOf(lab);
  return steps.some(({id, state}) => id === 'validate-constraints' && state.status === 'failed');
}

function wordsOf(command: 'cutover' | 'back', status: string, random: () => number): string[] {
  if (status !== 'under-way') return [command, '--yes', 'rehearsal', '--plain'];
  return random() < 0.5 ? [command, '--back-out'] : ['run', '--plain', '--detach'];
}

/** A story in the direction that leads away from where the writers are. */
export async function beginStory(
  lab: Lab,
  app: Application,
  {
    side,
    random,
    deal,
  }: {readonly side: Side; readonly random: () => number; readonly deal: ReturnType<typeof createDeck>},
): Promise<Story> {
  const direction: Direction =
    side === 'source'
      ? {from: 'source', to: 'target', command: 'cutover'}
      : {from: 'target', to: 'source', command: 'back'};
  return {
    lab,
    app,
    direction,
    from: lab[direction.from],
    to: lab[direction.to],
    random,
    tail: await tailJournal(lab),
    deal: () => deal(direction.command),
    place: (name) => join(lab.folder, name),
  };
}
