import {readFile} from 'node:fs/promises';
import type {Lab} from '../../../src/lab/lab.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {eventually, longhaul, stateOf, type Ended} from '../../support/longhaul.ts';
import type {Application, Side, Written} from './application.ts';
import type {Story} from './story.ts';

/** How a story ended, as it is judged: nothing in `problems` where all is as it has to be. */
export interface Judged {
  readonly lost: number;
  readonly doubled: number;
  readonly problems: readonly string[];
}

const WRITES_WITHIN_MS = 60_000;
const EQUAL_WITHIN_MS = 120_000;
const ofApp = ({table}: {readonly table: string}): boolean => table.startsWith('public.');

/** What is judged. `before` is how many transactions there were before the order. */
export interface Ending {
  readonly story: Story;
  readonly side: Side;
  readonly before: number;
  /** How the order ended; null where its console was killed. */
  readonly order: (Ended & {readonly killed: boolean}) | null;
}

/** Judges by really writing, by the rows, and by what is told. */
export async function judge({story, side, before, order}: Ending): Promise<Judged> {
  const {lab, app} = story;
  const problems = [...(await judgeWriters(app, side)), ...judgeOneSide(app.written().slice(before), story, side)];
  problems.push(...(await judgeTold({story, side, before, order})));
  const rows = await judgeRows(lab[side], app.written());
  problems.push(...rows.problems, ...(await judgeSums(lab[side])));
  await app.pause();
  problems.push(...(await judgeEqual(lab)));
  app.resume();
  return {...rows, problems: [...problems, ...app.wrong().slice(0, 3)]};
}

/** Every client of the side has rows answered, and none of the other has. */
async function judgeWriters(app: Application, side: Side): Promise<string[]> {
  const other: Side = side === 'source' ? 'target' : 'source';
  const [own, others] = [app.counts(side), app.counts(other)];
  const has = async (): Promise<true | null> =>
    app.counts(side).every((count, i) => count > (own[i] ?? 0) + 3) ? true : null;
  const written = await eventually(`each client to write on the ${side}`, has, WRITES_WITHIN_MS).catch(() => null);
  const grown = app.counts(other).some((count, i) => count > (others[i] ?? 0));
  return [
    ...(written === null ? [`a client cannot write on the ${side}, which is said to be open`] : []),
    ...(grown ? [`the ${other} takes writes, though the ${side} is said to be open`] : []),
  ];
}

/** Where both have taken writes, those of the side that was left were answered before the first of the other was sent. Pure. */
export function judgeOneSide(written: readonly Written[], {direction}: Pick<Story, 'direction'>, side: Side): string[] {
  const {from, to} = direction;
  const answered = written.filter(({answeredAt}) => answeredAt !== null);
  const firstThere = Math.min(...answered.filter((one) => one.side === to).map(({answeredAt}) => answeredAt ?? 0));
  const late = answered.filter((one) => one.side === from && one.sentAt > firstThere);
  return [
    ...(side === from && firstThere < Infinity ? [`the ${to} took writes, though it was never handed over`] : []),
    ...(side === to && late.length > 0
      ? [`the ${from} took ${late.length} writes after the ${to} took some: two sides`]
      : []),
  ];
}

/** Journal, status and the order's exit code say where production is. */
async function judgeTold({story, side, order}: Ending): Promise<string[]> {
  const {lab, direction} = story;
  const {cutover, back} = await stateOf(lab);
  const isThere = side === direction.to;
  const own = direction.command === 'cutover' ? cutover : back;
  const wanted = isThere ? 'handed-over' : 'gone-back';
  const status = (await longhaul(lab, 'status')).stdout;
  const words =
    side === 'target' ? /handed over to the target|Production is on the target/ : /taken back|on the source again/;
  const route = (await readFile(story.place('route'), 'utf8')).trim();
  const wasRefused = order !== null && order.code !== 0 && own?.status !== wanted;
  return [
    ...(own?.status === wanted || (!isThere && wasRefused)
      ? []
      : [`the journal says ${own?.status}, and it is ${wanted}`]),
    ...(words.test(status) || (!isThere && wasRefused)
      ? []
      : [`status does not say that production is on the ${side}: ${status.slice(0, 300)}`]),
    ...(route === side ? [] : [`the operator's commands lead to the ${route}, and the ${side} is open`]),
    ...(order !== null && order.code === 0 && !isThere
      ? [`${direction.command} ended with 0, and it is on the ${side}`]
      : []),
  ];
}

/** Every answered transaction is there once; of those without an answer, at most once; no other is there. */
async function judgeRows(server: LabServer, all: readonly Written[]): Promise<Judged> {
  // What is answered by now has to be in what is read next.
  const answered = all.filter(({answeredAt}) => answeredAt !== null).map(({token}) => token);
  let [lost, doubled] = [0, 0];
  for (const table of ['moves', 'log']) {
    const rows = await server.sql(`SELECT token, count(*) FROM public.${table} GROUP BY token`);
    const there = new Map(rows.map(([token = '', count = '0']) => [token, Number(count)]));
    lost = Math.max(lost, answered.filter((token) => !there.has(token)).length);
    doubled += [...there.values()].filter((count) => count > 1).length;
  }
  const problems = [...(lost > 0 ? [`${lost} rows lost`] : []), ...(doubled > 0 ? [`${doubled} rows doubled`] : [])];
  return {lost, doubled, problems};
}

/** What the application keeps equal in each transaction. */
async function judgeSums(server: LabServer): Promise<string[]> {
  const rows = await server.sql(
    `SELECT a.id, a.balance, c.n, coalesce(m.n, 0) FROM public.accounts a JOIN public.counted c ON c.account = a.id
       LEFT JOIN (SELECT account, count(*) AS n FROM public.moves GROUP BY account) m ON m.account = a.id
      WHERE a.balance <> coalesce(m.n, 0) OR c.n <> coalesce(m.n, 0) LIMIT 3`,
  );
  return rows.map(
    ([id, balance, counted, moves]) => `account ${id} has ${balance}, counted ${counted}, moves ${moves}`,
  );
}

/** Both sides have the same once what was written has arrived. */
async function judgeEqual(lab: Lab): Promise<string[]> {
  let last: string[] = [];
  const ask = async (): Promise<true | null> => {
    const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
    last = compareFingerprints(source.filter(ofApp), target.filter(ofApp)).map(({table, seen}) => `${table} ${seen}`);
    return last.length === 0 ? true : null;
  };
  return eventually('both sides to be equal', ask, EQUAL_WITHIN_MS).then(
    () => [],
    () => last,
  );
}
