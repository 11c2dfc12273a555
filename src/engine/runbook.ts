import type {Config} from '../config/config.ts';
import type {RunState} from '../domain/run/run-state.ts';
import type {CaptureEngine} from './capture/capture.ts';
import {engineOf, ENGINES} from './capture/engines.ts';
import type {Step} from './step.ts';
import {buildIndexes} from './steps/load/build-indexes.ts';
import {captureBoundary} from './steps/boundary/capture-boundary.ts';
import {compareObjects} from './steps/load/compare-objects.ts';
import {compareRows} from './steps/load/compare-rows.ts';
import {copyGlobals} from './steps/prepare/copy-globals.ts';
import {copySchema} from './steps/prepare/copy-schema.ts';
import {fullLoad} from './steps/load/full-load.ts';
import {inventory} from './steps/prepare/inventory.ts';
import {pauseReplay} from './steps/boundary/pause-replay.ts';
import {planSlots} from './steps/prepare/plan-slots.ts';
import {preflight} from './steps/prepare/preflight.ts';
import {proveBoundary} from './steps/boundary/prove-boundary.ts';
import {resumeReplay} from './steps/load/resume-replay.ts';
import {stripTarget} from './steps/load/strip-target.ts';

const PREPARE: readonly Step[] = [preflight, inventory, planSlots, copyGlobals, copySchema];
/** Behind what the engine makes: what changes go into exists before the pause, and the pause comes before P. */
const BOUNDARY: readonly Step[] = [pauseReplay, captureBoundary, proveBoundary];
const LOAD: readonly Step[] = [stripTarget, fullLoad, buildIndexes, compareRows, compareObjects, resumeReplay];

/** The runbook: every step of a move with this configuration, in order. Why this order: docs/decisions/0030. */
export function runbook(config: Pick<Config, 'cdc'>): readonly Step[] {
  return runbookOf(engineOf(config));
}

/** The runbook with an engine of change capture. */
export function runbookOf({anchor, words}: Pick<CaptureEngine, 'anchor' | 'words'>): readonly Step[] {
  return [...PREPARE, ...anchor, ...BOUNDARY, ...LOAD].map((step) => ({...step, ...words[step.id]}));
}

/**
 * The steps that an abort takes back: those of the runbook, and those of another engine that has made something in this run, whatever
 * longhaul.yaml says by now. A slot that nobody drops fills the disk of the source.
 */
export function stepsToUndo(config: Pick<Config, 'cdc'>, {claimed}: Pick<RunState, 'claimed'>): readonly Step[] {
  const own = engineOf(config);
  const others = Object.values(ENGINES).filter(
    (engine) => engine !== own && claimed.some((object) => engine.owns(object) && !own.owns(object)),
  );
  return runbookOf({...own, anchor: [...others.flatMap(({anchor}) => anchor), ...own.anchor]});
}
