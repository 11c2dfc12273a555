import {copyPositions, readMovedSequences} from '../../cutover/sequences/copy-positions.ts';
import {executeAll} from '../../make-action.ts';
import type {Step} from '../../step.ts';

/** Sets the target's sequences to where the source's are; change capture carries none. */
export const copySequences: Step<'copy-sequences'> = {
  id: 'copy-sequences',
  phase: 'cutover',
  title: 'copy the sequences',
  why: 'a sequence that begins anew on the target gives keys that are taken',
  source: 'facts/cutover.md, §3',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx) => copyPositions(ctx, await readMovedSequences(ctx)),

  async run(ctx) {
    const began = ctx.steady();
    const all = await readMovedSequences(ctx);
    await executeAll(copyPositions(ctx, all));
    const {sequenceMargin: margin} = ctx.config.cutover;
    return {sequences: all.length, margin, tookMs: Math.round(ctx.steady() - began)};
  },
};
