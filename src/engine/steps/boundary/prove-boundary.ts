import {readPrimaryPosition, readSlots} from '../../../pg/replication/slots.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {mustHold, proveBoundary as prove} from '../../prove/prove.ts';
import {readGoal, writeManifestFile} from '../../schema/goal/manifest.ts';
import type {ProofEvidence} from '../../../domain/run/evidence/anchor.ts';
import type {Action} from '../../action.ts';
import {byThen, executeAll, later, showStatement, type Later} from '../../make-action.ts';
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
    // Always proved anew: a slot may have been lost since.
    return (await checkAfterLoad(ctx)) ?? {done: null, findings: []};
  },

  plan: async (ctx) => planProofAtP(ctx, later('the proof')),

  async run(ctx) {
    const proved = later<ProofEvidence>('the proof');
    await executeAll(await planProofAtP(ctx, proved));
    return proved.get();
  },
};

async function planProofAtP(ctx: StepContext, proved: Later<ProofEvidence>): Promise<Action[]> {
  const execute = async (): Promise<void> => {
    const proof = await prove(ctx, 'at P');
    if (proof.broken.length === 0) await readManifestAgain(ctx);
    proved.set(await mustHold(ctx, proof));
  };
  return [
    ...(await planProof(ctx, execute)),
    {on: 'jump box', text: `write ${ctx.folder.manifest} anew, from the replica at P`, execute: byThen},
  ];
}

/** What a proof reads on the source, with what executes all of it. */
export async function planProof(ctx: StepContext, execute: () => Promise<void>): Promise<Action[]> {
  const {version} = await ctx.session('source');
  return [
    {on: 'source', text: showStatement(readPrimaryPosition(version)), execute},
    {on: 'source', text: showStatement(readSlots(version)), execute: byThen},
  ];
}

/** Indexes, keys and triggers that came or went since the schema was copied: what the target is to have is what there is at P. */
async function readManifestAgain(ctx: StepContext): Promise<void> {
  await writeManifestFile(ctx.folder, await readGoal(await ctx.session('replica'), ctx.config.tables));
}
