import {claimKind} from '../../../domain/run/claimed.ts';
import type {CaptureEngine} from '../capture.ts';
import {addTables} from './add-tables.ts';
import {checkLosses} from './judge/check-losses.ts';
import {checkSourceNode} from './check-source-node.ts';
import {checkPglogical} from './check-pglogical.ts';
import {checkSourceRights} from '../slots/check-source-rights.ts';
import {checkSourceSettings} from '../slots/check-source-settings.ts';
import {checkSourceSlots} from '../slots/check-source-slots.ts';
import {createNode} from './create-node.ts';
import {createReplicationSets} from './create-replication-sets.ts';
import {createSlots} from '../slots/create-slots.ts';
import {DMS_DATA} from './data.ts';
import {DMS_NEEDS} from './needs.ts';
import {readNotInSets} from './read-not-in-sets.ts';

/** AWS DMS: a task for each slot reads the changes of two replication sets, named like the slot. Source: the runbook. */
export const dms: CaptureEngine = {
  name: 'dms',
  summary:
    'AWS DMS captures what is written after P: a logical slot, two replication sets and a task for each group of tables',
  needs: DMS_NEEDS,
  checks: [
    {id: 'source settings', check: checkSourceSettings},
    {id: 'source rights', check: checkSourceRights},
    {id: 'pglogical', check: checkPglogical},
    {id: 'source slots', check: checkSourceSlots},
    {id: 'source node', check: checkSourceNode},
    {id: 'losses of DMS', check: checkLosses},
  ],
  data: DMS_DATA,
  first: [],
  // Membership counts from the change on, and DMS asks for the sets of the slot's name: the slots may come first.
  anchor: [createSlots, createNode, createReplicationSets, addTables],
  live: null,
  reverse: null,
  words: {},

  owns: (object) => ['slot', 'set', 'node'].includes(claimKind(object)),

  readNotCaptured: readNotInSets,
};
