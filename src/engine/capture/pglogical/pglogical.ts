import {isOfWayBack} from '../../../domain/run/back/claimed-back.ts';
import {insertSetOf} from '../../../domain/pg/slot-plan.ts';
import {claimKind, claimedPglogicalSubscriptions, slotObject} from '../../../domain/run/claimed.ts';
import {readOtherKinds} from '../../../pg/capture/pglogical.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readUntoldTruncates} from '../../../pg/replication/pglogical.ts';
import type {CaptureEngine} from '../capture.ts';
import {checkPglogical} from '../dms/check-pglogical.ts';
import {checkSourceNode} from '../dms/check-source-node.ts';
import {createNode} from '../dms/create-node.ts';
import {readInsertsOnly} from '../dms/read-inserts-only.ts';
import {createReplicationSets} from '../dms/create-replication-sets.ts';
import {withReadOnlyTarget} from '../read-only-target.ts';
import {createSentinels} from '../sentinels/create-sentinels.ts';
import {checkSourceRights} from '../slots/check-source-rights.ts';
import {checkSourceSettings} from '../slots/check-source-settings.ts';
import {checkSourceSlots} from '../slots/check-source-slots.ts';
import {adoption} from './adoption.ts';
import {changedSince} from './changed-since.ts';
import {addTablesLast} from './anchor/add-tables-last.ts';
import {checkTarget} from './check-pglogical-target.ts';
import {checkNotSent} from './check-not-sent.ts';
import {planKick, planResume, planSkip, planStop} from './control.ts';
import {PGLOGICAL_DATA} from './data.ts';
import {PGLOGICAL_NEEDS} from './needs.ts';
import {readNotApplied} from './not-applied.ts';
import {planRemoval} from './plan-removal.ts';
import {prepareCdc} from './anchor/prepare-cdc.ts';
import {readNotInSets} from '../dms/read-not-in-sets.ts';
import {startAtBoundary} from './start/start-at-boundary.ts';
import {isStrict} from './start/strict-mode.ts';
import {readStates, readStatus} from './status.ts';
import {checkReverse} from './reverse/check-reverse.ts';
import {pglogicalReverse} from './reverse/reverse.ts';
import {stuckOn} from './stuck-on.ts';

/** What the names of slots begin with that pglogical makes by itself: those that a run has made for DMS or native do not. */
const ITS_SLOTS = slotObject('pgl_');

/** pglogical's subscriptions: source 9.4 and newer, without AWS. Source: facts/cdc.md, §1. */
export const pglogical: CaptureEngine = {
  name: 'pglogical',
  summary:
    "pglogical's subscriptions capture what is written after P: a logical slot, two replication sets and a subscription for each group of tables",
  needs: PGLOGICAL_NEEDS,
  checks: [
    {id: 'source settings', check: checkSourceSettings},
    {id: 'source rights', check: checkSourceRights},
    {id: 'pglogical', check: checkPglogical},
    {id: 'what is not sent on', check: checkNotSent},
    {id: 'source slots', check: checkSourceSlots},
    {id: 'source node', check: checkSourceNode},
    {id: 'target of pglogical', check: checkTarget},
    {id: 'the way back', check: checkReverse},
  ],
  data: PGLOGICAL_DATA,
  first: [createSentinels],
  // With tables in its sets a subscription would apply their rows before the load.
  anchor: [createNode, createReplicationSets, prepareCdc, addTablesLast],
  live: {
    start: withReadOnlyTarget(startAtBoundary),
    slotsOf: claimedPglogicalSubscriptions,
    status: readStatus,
    planRemoval,
    cannot: {},
    planStop,
    planResume,
    planKick,
    readStates,
    stuckOn,
    planSkip,
    changedSince,
    readInsertsOnly,
    readNotApplied,
    readOtherKinds: async (target, tables) => target.run(readOtherKinds(tables)),
    isStrict,
    readUntoldTruncates: async (source, slots) => {
      const untold = await source.run(readUntoldTruncates(slots.map((slot) => insertSetOf(slot))));
      return untold.filter(({schema}) => schema !== SENTINEL_SCHEMA);
    },
    findsByIdentityAlone: true,
    carriesTruncate: () => true,
    noFence: 'a worker of pglogical that waits for a lock may not be ended',
    adoption,
  },
  reverse: pglogicalReverse,
  words: {
    'create-node': {
      title: 'create the pglogical node of the source',
      why: 'subscriptions are made to a node, and its replication sets belong to it',
    },
    'create-replication-sets': {
      title: 'create two replication sets per slot, empty',
      why: 'a subscription that asks for a set that is not there ends with an error, again and again',
    },
  },

  owns: (object) =>
    ['set', 'node', 'sentinel', 'pglogical-subscription', 'target-node'].includes(claimKind(object)) ||
    object.startsWith(ITS_SLOTS) ||
    isOfWayBack(object),
  readNotCaptured: readNotInSets,
};
