import {cancelBackend, terminateBackends, terminateBackendsLike} from '../../../src/pg/load/backends.ts';
import {checkpoint, terminateBackend} from '../../../src/pg/replication/checkpoint.ts';
import {readInsertPosition} from '../../../src/pg/replication/insert-position.ts';
import {
  addTableToSet,
  alterReplicationSet,
  createNode,
  createReplicationSet,
  dropNode,
  dropReplicationSet,
  dropTruncateTrigger,
  readLocalNode,
  readReplicationSets,
  readLeftTriggers,
  readSetMembers,
  readUntoldTruncates,
  removeTableFromSet,
} from '../../../src/pg/replication/pglogical.ts';
import {
  fenceScript,
  pauseReplay,
  readReceiving,
  readReplicaPosition,
  resumeReplay,
} from '../../../src/pg/replication/replica.ts';
import {readReplayRights} from '../../../src/pg/roles/rights.ts';
import {readSenders} from '../../../src/pg/replication/senders.ts';
import {createLogicalSlot, dropSlot, readPrimaryPosition, readSlots} from '../../../src/pg/replication/slots.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {ALL, reads, type Place, type Trial} from './trial.ts';

const EVENTS = {schema: 'public', name: 'events'};
const NODE = createNode('tried', 'dbname=app');
const SET = createReplicationSet({name: 'tried', inserts: true, updates: true, deletes: true, truncates: true});

function onSource(make: (place: Place) => readonly Statement[]): Trial {
  return {on: ['source'], make};
}

function byPglogical(...statements: readonly Statement[]): Trial {
  return {on: ['source'], make: () => statements, pglogical: true};
}

/** A slot of a plugin that every server brings; a slot does not come back with a transaction. */
const SLOT = createLogicalSlot('tried', 'test_decoding');

/** Everything that asks or changes the primary and the paused replica beyond their catalogs. */
export const PRODUCTION: Readonly<Record<string, Trial>> = {
  // A pid that no process can have.
  cancelBackend: {on: ALL, make: () => [cancelBackend(2_147_483_647)]},
  terminateBackends: {on: ALL, make: () => [terminateBackends(['longhaul/nobody'])]},
  terminateBackendsLike: {on: ALL, make: () => [terminateBackendsLike(['longhaul/nobody/%'])]},
  terminateBackend: onSource(() => [terminateBackend(2_147_483_647)]),
  checkpoint: {...onSource(() => [checkpoint()]), alone: true, superuserBefore: 150_000},
  readInsertPosition: onSource(({version}) => [readInsertPosition(version)]),
  readSenders: onSource(({version}) => [readSenders(version)]),
  readSlots: onSource(({version}) => [readSlots(version)]),
  readPrimaryPosition: onSource(({version}) => [readPrimaryPosition(version)]),
  createLogicalSlot: {
    on: ['source'],
    make: ({version}) => [SLOT, readSlots(version), dropSlot('tried')],
    alone: true,
  },
  dropSlot: {on: ['source'], make: () => [SLOT, dropSlot('tried')], alone: true},
  createNode: byPglogical(NODE),
  dropNode: byPglogical(NODE, dropNode('tried')),
  readLocalNode: byPglogical(NODE, readLocalNode()),
  createReplicationSet: byPglogical(NODE, SET),
  dropReplicationSet: byPglogical(NODE, SET, dropReplicationSet('tried')),
  alterReplicationSet: byPglogical(
    NODE,
    SET,
    alterReplicationSet({name: 'tried', inserts: true, updates: false, deletes: false, truncates: true}),
  ),
  readReplicationSets: byPglogical(NODE, SET, readReplicationSets()),
  dropTruncateTrigger: byPglogical(dropTruncateTrigger({...EVENTS, trigger: 'there is none'})),
  readLeftTriggers: byPglogical(NODE, SET, addTableToSet('tried', EVENTS), readLeftTriggers()),
  readUntoldTruncates: byPglogical(NODE, SET, addTableToSet('tried', EVENTS), readUntoldTruncates(['tried'])),
  readSetMembers: byPglogical(NODE, SET, addTableToSet('tried', EVENTS), readSetMembers()),
  addTableToSet: byPglogical(NODE, SET, addTableToSet('tried', EVENTS)),
  removeTableFromSet: byPglogical(NODE, SET, addTableToSet('tried', EVENTS), removeTableFromSet('tried', EVENTS)),
  readReplicaPosition: reads(readReplicaPosition),
  readReceiving: reads(readReceiving),
  readReplayRights: reads(readReplayRights),
  fenceScript: {
    on: ['replica'],
    make: ({version, fence}) => [sql(fenceScript(version, fence, 'true'))],
    alone: true,
    psql: true,
  },
  pauseReplay: {on: ['replica'], make: ({version}) => [pauseReplay(version)], alone: true},
  resumeReplay: {on: ['replica'], make: ({version}) => [resumeReplay(version), pauseReplay(version)], alone: true},
};
