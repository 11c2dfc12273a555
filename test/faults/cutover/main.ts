import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {startApplication, startNeighbour, type Application, type Side} from './application.ts';
import {CUTOVER_FAULTS, nothingHeld} from './faults.ts';
import {judge, type Judged} from './judge.ts';
import {beginStory, createDeck, settle} from './story.ts';

const SEED = join(import.meta.dirname, 'seed.sql');

/** What came of all stories. */
export interface CutoversTold {
  readonly handedOver: number;
  readonly goneBack: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
}

/** The engines that turn round. */
export const CUTOVER_ENGINES = ['native', 'pglogical'] as const;

const UNDISTURBED = 'nothing';

/** Asked for by `--only`: those whose name has this word; by `--kinds 18-26`: those of these numbers. */
export interface Telling {
  readonly engine: (typeof CUTOVER_ENGINES)[number];
  readonly count: number;
  readonly random: () => number;
  readonly only: string;
  readonly kinds: string;
}

/** The faults that are asked for, in their order. Pure. */
export function kindsOf(names: readonly string[], {only, kinds}: Pick<Telling, 'only' | 'kinds'>): string[] {
  const [from = 1, to = names.length] = kinds === '' ? [] : kinds.split('-').map(Number);
  return names.slice(from - 1, to).filter((name) => name.includes(only));
}

/**
 * `npm run faults -- --phase cutover`: so many cutovers and ways back with a fault in each, in one lab, under an application with clients on both sides and beside a neighbour's database. After each one
 * side alone takes writes, it is said which, and no row is lost or doubled.
 */
export async function tellCutovers({engine, count, random, only, kinds}: Telling): Promise<CutoversTold> {
  const lab = await startLab({seed: SEED, engine, wayBack: true});
  const told = {handedOver: 0, goneBack: 0, lost: 0, doubled: 0, wrong: 0};
  try {
    await prepare(lab);
    const neighbours = [startNeighbour(lab.source), startNeighbour(lab.target)];
    const app = startApplication(lab);
    await mustEndWell(lab, 'run', '--plain');
    app.begin('target');
    const names = kindsOf(Object.keys(CUTOVER_FAULTS), {only, kinds});
    const deal = createDeck(random);
    let side: Side = 'source';
    for (let number = 1; number <= count; number += 1) {
      const chosen = number <= names.length ? names[number - 1] : names[Math.floor(random() * names.length)];
      // The last one has to lead to the other side: nothing of what was before is in its way.
      const name = number === count ? UNDISTURBED : (chosen ?? '');
      const beganMs = performance.now();
      const one = await tellOne(lab, app, {name, side, random, deal});
      told.lost = Math.max(told.lost, one.judged.lost);
      told.doubled = Math.max(told.doubled, one.judged.doubled);
      const problems = [...one.judged.problems];
      if (name === UNDISTURBED && one.side === side)
        problems.push('nothing was in its way, and it did not lead to the other side');
      if (problems.length > 0) told.wrong += 1;
      if (one.side === side) told.goneBack += 1;
      else if (one.side !== null) told.handedOver += 1;
      const there = one.side === null ? 'it is not known where it is' : 'handed over';
      const end = one.side === side ? one.why : there;
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
      console.log(
        `${engine} ${number} from ${side}: ${name} (${one.hit}); ${end}, ${one.commands} commands after it, ${seconds} s; ${problems.join('; ') || 'right'}`,
      );
      if (one.side === null) break;
      side = one.side;
    }
    await app.stop();
    for (const neighbour of neighbours) await neighbour.stop();
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    if (process.env['LONGHAUL_KEEP'] === undefined) await lab.stop();
    else console.log(`kept: ${lab.folder}`);
  }
  return told;
}

interface One {
  readonly side: Side | null;
  readonly hit: string;
  readonly commands: number;
  /** Why it was taken back, as the journal has it. */
  readonly why: string;
  readonly judged: Judged;
}

async function tellOne(
  lab: Lab,
  app: Application,
  {name, ...telling}: {readonly name: string} & Parameters<typeof beginStory>[2],
): Promise<One> {
  const {side, random} = telling;
  const before = app.written().length;
  const was = await stateOf(lab);
  const attempts = (side === 'source' ? was.cutover : was.back)?.attempt ?? 0;
  try {
    const story = await beginStory(lab, app, telling);
    const {order, hit} = (await CUTOVER_FAULTS[name]?.(story)) ?? {order: null, hit: ''};
    const {side: now, commands} = await settle(lab, random);
    const ended = (await order?.ended) ?? null;
    const judged = await judge({story, side: now, before, order: ended?.killed === true ? null : ended});
    const held = [...(await nothingHeld(lab.source)), ...(await nothingHeld(lab.target))];
    const {cutover, back} = await stateOf(lab);
    const own = side === 'source' ? cutover : back;
    const reason = own?.goneBack?.reason ?? '';
    const why =
      (own?.attempt ?? 0) > attempts
        ? `taken back (${reason.slice(0, 150)})`
        : `refused (${ended?.stderr.trim().slice(0, 150)})`;
    return {side: now, hit, commands, why, judged: {...judged, problems: [...judged.problems, ...held]}};
  } catch (error) {
    app.resume();
    const words = error instanceof Error ? error.message.slice(0, 500) : String(error);
    return {side: null, hit: '', commands: 0, why: '', judged: {lost: 0, doubled: 0, problems: [words]}};
  }
}

/** Servers that take prepared transactions and connect again soon; commands of the operator that files lead. */
async function prepare(lab: Lab): Promise<void> {
  for (const server of [lab.replica, lab.source, lab.target]) {
    await server.sql('ALTER SYSTEM SET max_prepared_transactions = 10');
    await server.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '500ms'");
    await server.restart('fast');
  }
  for (const server of [lab.source, lab.target]) {
    await server.sql('CREATE DATABASE neighbour', 'postgres');
    await server.sql('CREATE TABLE public.busy (n bigint); INSERT INTO public.busy VALUES (0)', 'neighbour');
  }
  const file = (name: string): string => join(lab.folder, name);
  const led = (where: string): string =>
    `[sh, -c, 'while [ -e ${file(`hand.hangs.${where}`)} ]; do sleep 0.05; done; [ ! -e ${file(`hand.fails.${where}`)} ] && echo ${where} > ${file('route')}']`;
  await writeFile(file('route'), 'source');
  await edit(
    lab,
    ['caught_up_for: 3s', 'caught_up_for: 1s'],
    ['count: 3', 'count: 2'],
    ['lock_limit: 30s', 'lock_limit: 3s'],
    ['drain_limit: 5min', 'drain_limit: 6s'],
    [
      'cutover:\n',
      `cutover:\n  stop_before:\n    - {run: [touch, ${file('paused')}], undo: [rm, -f, ${file('paused')}], check: [sh, -c, '[ ! -e ${file('stop.never')} ]'], time_limit: 2s}\n  hand_over:\n    - {run: ${led('target')}, undo: ${led('source')}, time_limit: 4s}\n`,
    ],
  );
}
