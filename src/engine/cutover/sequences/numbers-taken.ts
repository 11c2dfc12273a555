import {inPieces} from '../../../domain/base/in-pieces.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {
  readFurthest,
  readNumberedColumns,
  readPositions,
  readSequenceSteps,
  setPositions,
  type NumberedColumn,
  type SequencePosition,
  type SequenceSteps,
} from '../../../pg/cutover/sequences.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import type {Session} from '../../../pg/session/session.ts';
import {serverWords} from '../../../pg/session/server-words.ts';
import {found, listedOut} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {AT_ONCE, readMovedSequences} from './copy-positions.ts';

/** A column with the value that is the furthest in its sequence's direction. */
export interface Furthest extends NumberedColumn {
  readonly furthest: string;
}

/**
 * Columns of the target that have numbers beyond their sequence, so that whoever takes one from it meets one that is taken. The sequence is that of the source before the cutover, from where it is copied,
 * and the target's own after it. Only what an index tells at once is read.
 */
export async function readNumbersTaken(ctx: StepContext, role: 'source' | 'target'): Promise<Finding[]> {
  const target = await ctx.session('target');
  const server = await ctx.session(role);
  const taken: Furthest[] = [];
  const positions: SequencePosition[] = [];
  for (const piece of inPieces(await readMovedSequences(ctx), AT_ONCE)) {
    const steps = await server.run(readSequenceSteps(server.version, piece));
    const furthest = await readAllFurthest(target, await target.run(readNumberedColumns(piece)), steps);
    // Behind the columns: what is taken meanwhile makes the sequence only further.
    const now = await server.run(readPositions(piece));
    positions.push(...now);
    taken.push(...numbersTaken(furthest, now, steps));
  }
  return judgeNumbers(taken, positions, role);
}

/** An index tells it in a moment, or has to pass over what is dead; nobody waits for that. */
const LIMITS = {timeoutMs: 2_000, lockTimeoutMs: 200};

async function readAllFurthest(
  target: Session,
  columns: readonly NumberedColumn[],
  steps: readonly SequenceSteps[],
): Promise<Furthest[]> {
  const all: Furthest[] = [];
  for (const one of columns) {
    const isDown = BigInt(stepOf(one, steps)?.increment ?? 1) < 0n;
    const furthest = await target.one(readFurthest(one, isDown ? 'min' : 'max'), LIMITS).then(
      (row) => row.furthest,
      (error: unknown) => {
        // What the server refuses, or does not tell in time, is one column less that is looked at.
        if (serverWords(error) === null) throw error;
        return null;
      },
    );
    if (furthest !== null) all.push({...one, furthest});
  }
  return all;
}

function stepOf(one: NumberedColumn | SequencePosition, steps: readonly SequenceSteps[]): SequenceSteps | undefined {
  return steps.find((step) => step.schema === one.schema && step.name === one.name);
}

/** Those whose sequence gives their furthest value, or one before it, some time. One that cycles may be anywhere. Pure. */
export function numbersTaken(
  columns: readonly Furthest[],
  positions: readonly SequencePosition[],
  steps: readonly SequenceSteps[],
): Furthest[] {
  const at = new Map(positions.map((one) => [quoteRelation(one), one]));
  return columns.filter((one) => {
    const [position, step] = [at.get(quoteRelation(one)), stepOf(one, steps)];
    if (position === undefined || step === undefined || step.cycles) return false;
    const beyond = (BigInt(one.furthest) - BigInt(position.lastValue)) * (BigInt(step.increment) < 0n ? -1n : 1n);
    return beyond > 0n || (beyond === 0n && !position.isCalled);
  });
}

/** Pure. */
function judgeNumbers(
  taken: readonly Furthest[],
  positions: readonly SequencePosition[],
  role: 'source' | 'target',
): Finding[] {
  if (taken.length === 0) return [];
  const at = new Map(positions.map((one) => [quoteRelation(one), one.lastValue]));
  const words = taken.map(
    (one) =>
      `${formatRelation({schema: one.tableSchema, name: one.table})}.${one.column} has ${one.furthest}, ${formatRelation(one)} of the ${role} is at ${at.get(quoteRelation(one))}`,
  );
  const set = taken.map(({schema, name, furthest}) =>
    renderStatement(setPositions([{schema, name, lastValue: furthest, isCalled: true}])),
  );
  return [
    found('cutover', role).warning(
      'numbers-taken',
      `columns of the target have numbers that their sequence will give again, which a unique index refuses then: ${listedOut(words)}`,
      `there, unless the application means it so: ${set.slice(0, 10).join('; ')}`,
    ),
  ];
}
