import * as fence from '../../../src/pg/compare/again-fence.ts';
import {peekPublished} from '../../../src/pg/compare/again-peek.ts';
import {readVersions} from '../../../src/pg/compare/again-rows.ts';
import {createPublication, dropPublication} from '../../../src/pg/capture/publications.ts';
import * as sentinels from '../../../src/pg/capture/sentinels.ts';
import {createIndexConcurrently, dropIndexConcurrently} from '../../../src/pg/load/restore-live.ts';
import {createLogicalSlot, dropSlot} from '../../../src/pg/replication/slots.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {compares, TABLE} from './comparing.ts';
import type {Trial} from './trial.ts';

/** A lab's role has the rights for these only where its engine is native. */
const SUPERUSER = {superuserBefore: Number.POSITIVE_INFINITY} as const;
const SENTINELS = [sentinels.createSentinelSchema(), sentinels.createSentinel('tried')] as const;
const NO_SENTINELS = [sentinels.dropSentinel('tried'), sentinels.dropSentinelSchema()] as const;

function onTarget(...statements: readonly Statement[]): Trial {
  return {...SUPERUSER, on: ['target'], from: 100_000, make: () => [...SENTINELS, ...statements]};
}

function onSource(...statements: readonly Statement[]): Trial {
  return {...SUPERUSER, on: ['source'], make: () => [...SENTINELS, ...statements]};
}

const HELD = [fence.createHold(), fence.createHoldTrigger('tried')] as const;
const INDEX = {schema: 'public', name: 'tried_live'};
const DEFINITION = 'CREATE UNIQUE INDEX tried_live ON public.tried_table USING btree (id)';
const EVENTS = {schema: 'public', name: 'events'};

/** Comparing while change capture runs, and what comes back meanwhile. */
export const COMPARING_AGAIN: Readonly<Record<string, Trial>> = {
  createHold: onTarget(fence.createHold()),
  createHoldTrigger: onTarget(...HELD),
  enableHoldTrigger: onTarget(...HELD, fence.enableHoldTrigger('tried')),
  dropHoldTrigger: onTarget(...HELD, fence.dropHoldTrigger('tried')),
  dropHold: onTarget(...HELD, fence.dropHoldTrigger('tried'), fence.dropHold()),
  lockHold: onTarget(fence.lockHold(), fence.unlockHold()),
  unlockHold: onTarget(fence.lockHold(), fence.unlockHold()),
  readHeld: onTarget(fence.readHeld()),
  endHeldWorkers: onTarget(fence.endHeldWorkers()),
  takeSentinelTurn: onSource(fence.takeSentinelTurn(), fence.giveSentinelTurn()),
  giveSentinelTurn: onSource(fence.takeSentinelTurn(), fence.giveSentinelTurn()),
  lockSentinelOnReplica: onSource(fence.lockSentinelOnReplica('tried')),
  // It begins and ends a transaction itself.
  writeFence: {...onSource(fence.writeFence(['tried']), ...NO_SENTINELS), alone: true},
  readFenceWriter: onSource(sentinels.writeSentinels(['tried']), fence.readFenceWriter('tried')),
  readStalled: onSource(fence.readStalled('tried')),
  readStandbyDelay: {on: ['source', 'replica'], make: () => [fence.readStandbyDelay()]},
  readArrived: onSource(sentinels.writeSentinels(['tried']), fence.readArrived([{slot: 'tried', n: 1}])),
  readNewestSentinels: onSource(fence.readNewestSentinels(['tried'])),
  peekPublished: {
    ...SUPERUSER,
    from: 100_000,
    on: ['source'],
    make: ({version}) => [
      createPublication({name: 'tried', insertsOnly: false, tables: [EVENTS]}, version),
      createLogicalSlot('tried', 'pgoutput'),
      peekPublished('tried', {upTo: parseLsn('0/1'), publications: ['tried']}),
      dropSlot('tried'),
      dropPublication('tried'),
    ],
    alone: true,
  },
  readVersions: compares((dialect) => readVersions(TABLE, {dialect, chunk: null, buckets: [1, 2], of: 8})),
  createIndexConcurrently: {
    ...SUPERUSER,
    on: ['target'],
    make: () => [
      sql('CREATE TABLE public.tried_table (id bigint)'),
      createIndexConcurrently({definition: DEFINITION}),
      dropIndexConcurrently(INDEX),
      sql('DROP TABLE public.tried_table'),
    ],
    alone: true,
  },
  dropIndexConcurrently: {...SUPERUSER, on: ['target'], make: () => [dropIndexConcurrently(INDEX)], alone: true},
};
