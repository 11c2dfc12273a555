import type {RowsThatDiffer} from '../../../domain/run/row-difference.ts';
import {readVersions, type VersionedRows} from '../../../pg/compare/again-rows.ts';
import {sumBuckets} from '../../../pg/compare/differing-rows.ts';
import type {Dialect} from '../../../pg/compare/row-hash.ts';
import {sumRows, type KeyedTable, type Sums} from '../../../pg/compare/table-sums.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {StepContext} from '../../step.ts';
import {total} from '../compare-rows.ts';
import type {AroundReplica} from '../comparing.ts';
import {addUp, bucketsFor, describe, MOST_ROWS, TOLD} from '../find-rows.ts';
import {pairRows, type FoundRow} from '../pair-rows.ts';
import type {ComparedPair, Side, Sides} from '../read-sides.ts';
import {createScanning, readChunks, type Scanning} from '../scans/scanning.ts';
import {waitForNow} from './barrier.ts';
import {judgeRound} from './judge-round.ts';
import type {AgainCompared} from './results.ts';

/** What converging is done with. */
export interface Converging {
  readonly ctx: StepContext;
  readonly slots: readonly string[];
  /** Whether changes are applied in the order in which they were committed; else a sentinel may come before what was committed before it. */
  readonly isInOrder: boolean;
  readonly dialect: Dialect;
  readonly showValues: boolean;
  readonly scanning: Scanning;
}

/** Rounds after which what is written to all the time is left undecided. */
const ROUNDS = 6;

/** Opens the scans of a converging comparison. Nothing is held: the replica goes on. */
export function scanLive(ctx: StepContext, {dialect}: Pick<Sides, 'dialect'>, lanes: number): Scanning {
  return createScanning(ctx, {lanes, dialect, purpose: 'compare-again', onReplica: throughConflicts});
}

const TRIES = 5;

/** Replay cancels a query that still sees what is to be removed; a shorter one, or a luckier, comes through. */
const throughConflicts: AroundReplica = async (replica, work) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || replica.lost || sqlStateOf(error) !== SQLSTATE.serializationFailure) throw error;
    }
  }
};

/** Compares a table or a piece of it while both sides go on: facts/cutover.md, §6.2. */
export async function converge(own: Converging, pair: ComparedPair): Promise<AgainCompared> {
  const table: KeyedTable = {table: pair.table, columns: pair.columns, key: pair.key ?? pair.columns, sample: null};
  const [replica, target] = await Promise.all([sums(own, pair, table, 'replica'), sums(own, pair, table, 'target')]);
  const why = pair.problem;
  const none = {found: [], first: [], why, atLeast: false, undecided: 0};
  if (replica.rows === target.rows && replica.sum === target.sum) return asFound(pair, replica.rows, none);
  const of = bucketsFor(Math.max(replica.rows, target.rows));
  const found: FoundRow[] = [];
  let undecided = 0;
  const first: RowsThatDiffer['first'][number][] = [];
  const groups = of === 1 ? [[0]] : await differingGroups(own, pair, table, of);
  for (const [at, group] of groups.entries()) {
    const round = await rounds(own, pair, table, {buckets: group, of});
    found.push(...round.found);
    undecided += round.undecided;
    for (const row of round.found.slice(0, TOLD - first.length)) first.push(await describe({...own, pair}, row));
    if (found.length >= TOLD && at < groups.length - 1)
      return asFound(pair, replica.rows, {found, first, why, atLeast: true, undecided});
  }
  return asFound(pair, replica.rows, {found, first, why, atLeast: false, undecided});
}

interface Found extends Pick<RowsThatDiffer, 'first' | 'why' | 'atLeast'> {
  readonly found: readonly FoundRow[];
  readonly undecided: number;
}

/** Both sides were counted at moments of their own: what differs is what was found, and not how many rows there were. */
function asFound({table}: ComparedPair, replicaRows: number, {found, undecided, ...rest}: Found): AgainCompared {
  const sum = (...kinds: readonly FoundRow['kind'][]): number =>
    found.reduce((all, {kind, rows}) => all + (kinds.includes(kind) ? rows : 0), 0);
  const differing = sum('missing', 'extra', 'doubled', 'changed');
  return {
    table,
    replicaRows,
    targetRows: replicaRows - sum('missing') + sum('extra'),
    rows: differing === 0 && rest.why === null ? null : {total: differing, ...rest},
    undecided,
  };
}

async function sums({scanning, dialect}: Converging, pair: ComparedPair, table: KeyedTable, side: Side): Promise<Sums> {
  const parts = await readChunks(scanning, pair, side, (chunk) => sumRows(table, dialect, chunk));
  return total(parts);
}

/** The buckets whose sums differ, in groups of as many as can be brought here. */
async function differingGroups(
  {scanning, dialect}: Converging,
  pair: ComparedPair,
  table: KeyedTable,
  buckets: number,
): Promise<number[][]> {
  const read = async (side: Side) =>
    addUp(await readChunks(scanning, pair, side, (chunk) => sumBuckets(table, {dialect, chunk, buckets})));
  const [replica, target] = await Promise.all([read('replica'), read('target')]);
  const groups: number[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const bucket of [...new Set([...replica.keys(), ...target.keys()])].toSorted((a, b) => a - b)) {
    const [one, other] = [replica.get(bucket), target.get(bucket)];
    if (one?.rows === other?.rows && one?.sum === other?.sum) continue;
    const count = Math.max(one?.rows ?? 0, other?.rows ?? 0);
    if (rows + count > MOST_ROWS) {
      groups.push([]);
      rows = 0;
    }
    groups.at(-1)?.push(bucket);
    rows += count;
  }
  return groups;
}

interface Buckets {
  readonly buckets: readonly number[];
  readonly of: number;
}

/** Round after round, with those rows alone that were written to in the one before. */
async function rounds(
  own: Converging,
  pair: ComparedPair,
  table: KeyedTable,
  {buckets, of}: Buckets,
): Promise<{found: FoundRow[]; undecided: number}> {
  const {ctx, slots, isInOrder} = own;
  const found: FoundRow[] = [];
  let wanted = buckets;
  let keys: ReadonlySet<string> | null = null;
  let before: ReadonlyMap<string, string> | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const read = async (side: Side) => readGroup(own, pair, table, {side, buckets: wanted, of});
    const first = await read('replica');
    await waitForNow(ctx, 'target', slots);
    // What a sentinel has come with may still be on its way; what the next one comes with begins after that.
    if (!isInOrder) await waitForNow(ctx, 'target', slots);
    const target = await read('target');
    await waitForNow(ctx, 'replica', slots);
    const second = await read('replica');
    const judged = judgeRound({first, target, second, isKeyed: pair.key !== null, before, of: keys});
    const different = new Set(judged.different);
    const ofThese = (rows: readonly VersionedRows[]): VersionedRows[] =>
      rows.filter(({keyHash}) => different.has(keyHash));
    found.push(...pairRows({replica: ofThese(second), target: ofThese(target)}));
    if (judged.undecided.length === 0) return {found, undecided: 0};
    keys = new Set(judged.undecided);
    before = judged.seen;
    wanted = [...new Set(judged.undecided.map((key) => bucketOf(key, of)))];
  }
  return {found, undecided: keys?.size ?? 0};
}

async function readGroup(
  {scanning, dialect}: Converging,
  {chunks, table: name, hides, bytes}: ComparedPair,
  table: KeyedTable,
  {side, buckets, of}: Buckets & {readonly side: Side},
): Promise<VersionedRows[]> {
  // One statement: between two of them a row that is written to may move from the one to the other.
  const [chunk = null] = chunks[side];
  const own = chunk?.by === 'key' ? chunk : null;
  const statement = readVersions(table, {dialect, chunk: own, buckets, of});
  return scanning.rows({side, table: name, hides, bytes, statement});
}

function bucketOf(keyHash: string, of: number): number {
  return Number(BigInt.asUintN(64, BigInt(keyHash)) & BigInt(of - 1));
}
