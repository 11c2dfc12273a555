import {readPrimaryPosition, readSlots} from '../../../pg/replication/slots.ts';
import {renderStatement} from '../../../pg/session/statement.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {mustHold, proveBoundary as prove} from '../../prove/prove.ts';
import {readGoal, writeManifestFile} from '../../schema/goal/manifest.ts';
import type {Step, StepContext} from '../../step.ts';

/** Proves on the primary that every commit is in exactly one of load and change capture. */
export const proveBoundary: Step<'prove-boundary'> = {
  id: 'prove-boundary',
  phase: 'anchor',
  title: 'prove P against every slot',
  why: 'a P before a slot begins loses commits without a word: the server accepts the start and skips what lies between',
  source: "runbook, step 7, whose peek proves nothing; facts/boundary.md, 'Prove instead'",
  confirm: 'no',

  async check(ctx) {
    // Always looked at anew: a slot may have been lost since.
    return (await checkAfterLoad(ctx)) ?? {done: null, findings: []};
  },

  async statements(ctx) {
    const source = await ctx.session('source');
    return [readPrimaryPosition(source.version), readSlots(source.version)].map((statement) => ({
      on: 'source',
      action: renderStatement(statement).replaceAll(/\s+/g, ' ').trim(),
    }));
  },

  async run(ctx) {
    const proof = await prove(ctx, 'at P');
    if (proof.broken.length === 0) await readManifestAgain(ctx);
    return mustHold(ctx, proof);
  },
};

/** Indexes, keys and triggers that came or went since the schema was copied: what the target is to have is what there is at P. */
async function readManifestAgain(ctx: StepContext): Promise<void> {
  await writeManifestFile(ctx.folder, await readGoal(await ctx.session('replica'), ctx.config.tables));
}
