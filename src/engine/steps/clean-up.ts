import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {claimedBack} from '../../domain/run/back/claimed-back.ts';
import {claimedPublications, claimedSentinels, claimedSlots, claimedSubscriptions} from '../../domain/run/claimed.ts';
import {readPublications} from '../../pg/capture/publications.ts';
import {dropSentinel, dropSentinelSchema, readSentinelTables, SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import {readSubscriptions} from '../../pg/capture/subscriptions.ts';
import {dropLedger} from '../../pg/load/ledger.ts';
import {readSlots} from '../../pg/replication/slots.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {Action} from '../action.ts';
import {planUndoings} from '../exit/abort.ts';
import {statementAction} from '../make-action.ts';
import {failureOf} from '../run/run-steps.ts';
import {stepsToUndo} from '../runbook.ts';
import type {Step, StepContext} from '../step.ts';

/** Takes away what the move has made on both servers, once nobody needs it any more. The run's folder stays. */
export const cleanUp: Step<'clean-up'> = {
  id: 'clean-up',
  phase: 'clean-up',
  title: 'take away what the move has made',
  why: 'a slot that nobody reads fills a disk, and what is left behind is taken by the next one for something that is used',
  source: 'facts/cutover.md, §7',
  confirm: 'typed',

  check: async () => ({done: null, findings: []}),
  plan: planCleanUp,

  async run(ctx) {
    const {claimed} = ctx.state();
    const actions = await planCleanUp(ctx);
    const refused = await tryAll(actions);
    const there = await readLeft(ctx, claimed);
    if (refused.length + there.length > 0) throw notAll(refused, there, ctx.config.run);
    const own = ctx.state().claimed;
    if (own.length > 0) await ctx.record({type: 'objects.returned', objects: own});
    return {took: actions.map(({on, text}) => `${on}: ${text}`), left: whatStays(ctx)};
  },
};

async function planCleanUp(ctx: StepContext): Promise<Action[]> {
  const undoings = await planUndoings(ctx, stepsToUndo(ctx.config, ctx.state()));
  const how = {on: 'target', session: async () => ctx.session('target')} as const;
  const sentinels = claimedSentinels(ctx.state().claimed).map((name) => dropSentinel(name));
  const own = [...sentinels, ...(sentinels.length === 0 ? [] : [dropSentinelSchema()]), dropLedger()];
  return [...undoings.flatMap(({actions}) => actions), ...own.map((statement) => statementAction(statement, how))];
}

/** What a server refuses keeps nothing else from being taken away. */
async function tryAll(actions: readonly Action[]): Promise<string[]> {
  const refused = new Set<string>();
  for (const action of actions) {
    try {
      await action.execute();
    } catch (error) {
      refused.add(failureOf(error).message);
    }
  }
  return [...refused];
}

/** What was claimed and is on a server still. */
async function readLeft(ctx: StepContext, claimed: readonly string[]): Promise<string[]> {
  const [source, target] = await Promise.all([readSide(ctx, 'source'), readSide(ctx, 'target')]);
  return [
    ...named('source', 'slot', source.slots, claimedSlots(claimed)),
    ...named('source', 'publication', source.publications, claimedPublications(claimed)),
    ...named('target', 'subscription', target.subscriptions, claimedSubscriptions(claimed)),
    ...named('target', 'slot', target.slots, claimedBack(claimed, 'back-slot')),
    ...named('target', 'publication', target.publications, claimedBack(claimed, 'back-publication')),
    ...named('source', 'subscription', source.subscriptions, claimedBack(claimed, 'back-subscription')),
    ...source.sentinels.map((name) => `table ${SENTINEL_SCHEMA}.${name} on the source`),
    ...target.sentinels.map((name) => `table ${SENTINEL_SCHEMA}.${name} on the target`),
  ];

  async function readSide(of: StepContext, on: 'source' | 'target') {
    const server = await of.session(on);
    const hasPublications = maybe('publishAll', server.version) !== null;
    // Each only where it was made: a role has the rights for the other side only with a way back.
    const subscriptions = on === 'target' ? claimedSubscriptions(claimed) : claimedBack(claimed, 'back-subscription');
    const publications = [...claimedPublications(claimed), ...claimedBack(claimed, 'back-publication')];
    return {
      slots: (await server.run(readSlots(server.version))).map(({name}) => name),
      publications: hasPublications
        ? (await server.run(readPublications(publications))).map(({publication}) => publication)
        : [],
      subscriptions:
        hasPublications && subscriptions.length > 0
          ? (await server.run(readSubscriptions(subscriptions, server.version))).map(({name}) => name)
          : [],
      sentinels: (await server.run(readSentinelTables())).map(({name}) => name),
    };
  }
}

function named(on: string, kind: string, there: readonly string[], names: readonly string[]): string[] {
  return names.filter((name) => there.includes(name)).map((name) => `${kind} ${name} on the ${on}`);
}

function notAll(refused: readonly string[], there: readonly string[], run: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: [...refused, ...(there.length === 0 ? [] : [`still there: ${there.join(', ')}`])].join('; '),
    remedy: `mend what is named, then longhaul clean-up --give-up-way-back --yes ${run} again: what is gone is recognised`,
  });
}

function whatStays(ctx: StepContext): string[] {
  return [
    'the source, read-only for whoever does not say otherwise, with the rows of the hand-over and what came back since',
    `the run folder, with journal and plan: longhaul report --archive keeps it in one file (${ctx.folder.path})`,
  ];
}
