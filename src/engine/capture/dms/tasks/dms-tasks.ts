import {claimedTasks, claimKind} from '../../../../domain/run/claimed.ts';
import type {CaptureEngine, LiveCapture} from '../../capture.ts';
import {withReadOnlyTarget} from '../../read-only-target.ts';
import {createSentinels} from '../../sentinels/create-sentinels.ts';
import {dms} from '../dms.ts';
import {readInsertsOnly} from '../read-inserts-only.ts';
import {checkSentinels} from '../judge/check-sentinels.ts';
import {checkTasks} from '../judge/check-tasks.ts';
import {APPLIES_AS} from '../wanted/settings.ts';
import {changedSince} from './changed-since.ts';
import {planResume, planStop} from './control.ts';
import {prepareTasks} from './prepare-cdc.ts';
import type {OfRun} from '../api/read-tasks.ts';
import {readNotApplied} from './not-applied.ts';
import {planRemoval} from './removal.ts';
import {startTasks} from './start-cdc.ts';
import {readStatus} from './status.ts';

const live: LiveCapture = {
  start: withReadOnlyTarget(startTasks),
  slotsOf: claimedTasks,
  status: async (servers, slots) => readStatus(servers, slots, null),
  planRemoval,
  cannot: {
    kick: 'a task tries again by itself, twenty times; after that: resume',
    skip: 'DMS does not say which transaction a task is at, and cannot pass one: mend what its log names, then resume',
    adopt: 'a task captures the tables of its mappings alone; stop it and add the table there by hand',
  },
  planStop,
  planResume,
  planKick: null,
  stuckOn: async () => null,
  planSkip: async () => Promise.reject(new Error('bug: DMS skips nothing')),
  changedSince,
  confirmsSeldom: true,
  readInsertsOnly,
  // By its own documentation; a table that was emptied keeps its rows on the target.
  carriesTruncate: () => false,
  adoption: null,
  noFence: 'where a task of DMS is by commit nobody but DMS knows',
  isInOrder: false,
  appliesAs: [APPLIES_AS],
};

/** AWS DMS whose tasks Longhaul makes, starts and watches: `cdc.dms` of longhaul.yaml. Why: docs/decisions/0064. */
export const dmsTasks: CaptureEngine = {
  ...dms,
  summary:
    'AWS DMS captures what is written after P: a logical slot, two replication sets and a task for each group of tables, which Longhaul makes and starts at P',
  checks: [...dms.checks, {id: 'sentinels', check: checkSentinels}, {id: 'tasks of DMS', check: checkTasks}],
  first: [createSentinels],
  anchor: [...dms.anchor, prepareTasks],
  live,
  owns: (object) => dms.owns(object) || ['sentinel', 'endpoint', 'task'].includes(claimKind(object)),
};

/** The same for a run, whose tasks are asked of DMS. */
export function dmsTasksOf(of: OfRun): CaptureEngine {
  return {
    ...dmsTasks,
    live: {
      ...live,
      status: async (servers, slots) => readStatus(servers, slots, of),
      readNotApplied: async (_, plan) => readNotApplied(of, plan),
    },
  };
}
