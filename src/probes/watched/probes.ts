import type {WatchContext} from '../watch/watch-context.ts';
import {volumeProbes} from './disk.ts';
import type {ServerProbe} from './probe.ts';
import {replicaProbe} from './replica.ts';
import {schemaProbe} from './schema.ts';
import {sendersProbe} from './senders.ts';
import {slotsProbe} from './slots.ts';
import {targetProbe, type TargetProbeOptions} from './target.ts';
import {transactionsProbe} from './transactions.ts';
import {walProbe} from './wal.ts';
import {wraparoundProbe} from './wraparound.ts';

/**
 * Every probe that asks a server, with its interval. The costly ones keep to a share of their server's time besides. A probe is a file beside this one
 * and a line in here; what it reads as figures is shown, kept, exported and missed when it is stale without anything else.
 */
export function serverProbes(ctx: WatchContext, target: Pick<TargetProbeOptions, 'heard' | 'lanes'>): ServerProbe[] {
  const every = ctx.intervalMs;
  return [
    slotsProbe(every, ctx.state),
    replicaProbe(every),
    sendersProbe(3 * every),
    transactionsProbe(3 * every),
    walProbe('source', 3 * every),
    walProbe('replica', 3 * every),
    schemaProbe(30 * every, ctx.readDrift),
    wraparoundProbe(15 * every, ctx.state),
    targetProbe({everyMs: every, now: ctx.now, steady: ctx.steady, ...target}),
    ...volumeProbes(ctx.disks, 3 * every),
  ];
}
