import type {Step} from './step.ts';
import {addTables} from './capture/dms/add-tables.ts';
import {buildIndexes} from './steps/load/build-indexes.ts';
import {captureBoundary} from './steps/boundary/capture-boundary.ts';
import {compareRows} from './steps/load/compare-rows.ts';
import {copyGlobals} from './steps/prepare/copy-globals.ts';
import {copySchema} from './steps/prepare/copy-schema.ts';
import {createNode} from './capture/dms/create-node.ts';
import {createReplicationSets} from './capture/dms/create-replication-sets.ts';
import {createSlots} from './capture/dms/create-slots.ts';
import {fullLoad} from './steps/load/full-load.ts';
import {inventory} from './steps/prepare/inventory.ts';
import {pauseReplay} from './steps/boundary/pause-replay.ts';
import {planSlots} from './steps/prepare/plan-slots.ts';
import {preflight} from './steps/prepare/preflight.ts';
import {proveBoundary} from './steps/boundary/prove-boundary.ts';
import {resumeReplay} from './steps/load/resume-replay.ts';
import {stripTarget} from './steps/load/strip-target.ts';

/** The runbook: every step of a move, in order. Why this order: design/architecture.md. */
export const RUNBOOK: readonly Step[] = [
  preflight,
  inventory,
  planSlots,
  copyGlobals,
  copySchema,

  createSlots,
  createNode,
  createReplicationSets,
  addTables,
  pauseReplay,
  captureBoundary,
  proveBoundary,

  stripTarget,
  fullLoad,
  buildIndexes,
  compareRows,
  resumeReplay,
];
