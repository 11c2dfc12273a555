import type {RelationName} from '../../../domain/pg/relation.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {
  readSequenceSteps,
  readPositions,
  setPositions,
  type SequencePosition,
  type SequenceSteps,
} from '../../../pg/cutover/sequences.ts';
import {readSequences} from '../../../pg/catalog/inventory.ts';
import type {Action} from '../../action.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {executeAll} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Sets the target's sequences to where the source's are; change capture carries none. */
export const copySequences: Step<'copy-sequences'> = {
  id: 'copy-sequences',
  phase: 'cutover',
  title: 'copy the sequences',
  why: 'a sequence that begins anew on the target gives keys that are taken',
  source: 'facts/cutover.md, §3',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: planSequences,

  async run(ctx) {
    const began = ctx.steady();
    const all = await readAll(ctx);
    await executeAll(await planSequences(ctx));
    const {sequenceMargin: margin} = ctx.config.cutover;
    return {sequences: all.length, margin, tookMs: Math.round(ctx.steady() - began)};
  },
};

/** One statement takes so many; a server gives a row no more than 1664 columns. */
const AT_ONCE = 500;

async function planSequences(ctx: StepContext): Promise<Action[]> {
  const all = await readAll(ctx);
  return pieces(all).map((piece) => ({
    on: 'target',
    text: `/* ${piece.length} sequences, each as it is on the source after the last writer; read back */ SELECT setval(…)`,
    execute: async () => copy(ctx, piece),
  }));
}

async function readAll(ctx: StepContext): Promise<RelationName[]> {
  const {tables} = ctx.config;
  const rows = await (await ctx.session('source')).run(readSequences());
  return rows.filter((row) => isWanted(row, {...tables, include: []})).map(({schema, name}) => ({schema, name}));
}

function pieces<T>(all: readonly T[]): T[][] {
  return Array.from({length: Math.ceil(all.length / AT_ONCE)}, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}

async function copy(ctx: StepContext, sequences: readonly RelationName[]): Promise<void> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const steps = await source.run(readSequenceSteps(source.version, sequences));
  const wanted = (await source.run(readPositions(sequences))).map((position) =>
    withMargin(position, steps, ctx.config.cutover.sequenceMargin),
  );
  await target.run(setPositions(wanted));
  const differing = differingPositions(wanted, await target.run(readPositions(sequences)));
  if (differing.length === 0) return;
  throw new LonghaulError({
    code: 'failed',
    message: `these sequences of the target are not where they were set: ${differing.join(', ')}`,
    remedy: 'end whoever takes numbers from them on the target, then longhaul cutover',
  });
}

/** The sequences that are not where they are to be. Pure. */
export function differingPositions(wanted: readonly SequencePosition[], there: readonly SequencePosition[]): string[] {
  const known = new Map(there.map((one) => [quoteRelation(one), one]));
  return wanted
    .filter((one) => {
      const now = known.get(quoteRelation(one));
      return now?.lastValue !== one.lastValue || now.isCalled !== one.isCalled;
    })
    .map((one) => quoteRelation(one));
}

/** The position so many steps further, but not past the sequence's own end. One of no steps stays as it is, whether it was used or not. Pure. */
export function withMargin(
  position: SequencePosition,
  steps: readonly SequenceSteps[],
  margin: number,
): SequencePosition {
  const of = steps.find((one) => quoteRelation(one) === quoteRelation(position));
  if (margin === 0 || of === undefined) return position;
  const further = BigInt(position.lastValue) + BigInt(margin) * BigInt(of.increment);
  const [least, most] = [BigInt(of.minimum), BigInt(of.maximum)];
  const clipped = further > most ? most : further < least ? least : further;
  return {...position, lastValue: String(clipped), isCalled: true};
}
