import type {Step} from './step.ts';
import {addTables} from './steps/add-tables.ts';
import {buildIndexes} from './steps/build-indexes.ts';
import {captureBoundary} from './steps/capture-boundary.ts';
import {compareRows} from './steps/compare-rows.ts';
import {copyGlobals} from './steps/copy-globals.ts';
import {copySchema} from './steps/copy-schema.ts';
import {createNode} from './steps/create-node.ts';
import {createReplicationSets} from './steps/create-replication-sets.ts';
import {createSlots} from './steps/create-slots.ts';
import {fullLoad} from './steps/full-load.ts';
import {inventory} from './steps/inventory.ts';
import {pauseReplay} from './steps/pause-replay.ts';
import {planSlots} from './steps/plan-slots.ts';
import {preflight} from './steps/preflight.ts';
import {proveBoundary} from './steps/prove-boundary.ts';
import {resumeReplay} from './steps/resume-replay.ts';
import {stripTarget} from './steps/strip-target.ts';

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
