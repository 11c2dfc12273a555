import type {Config} from '../config/config.ts';
import type {RunState} from '../domain/run/run-state.ts';
import type {CaptureEngine} from './capture/capture.ts';
import {ALL_ENGINES, engineOf} from './capture/engines.ts';
import type {EngineChoice} from './capture/needs.ts';
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
import {waitForCatchUp} from './steps/cdc/wait-for-catch-up.ts';

const PREPARE: readonly Step[] = [inventory, planSlots, copyGlobals, copySchema];
/** Behind what the engine makes: what changes go into exists before the pause, and the pause comes before P. */
const BOUNDARY: readonly Step[] = [pauseReplay, captureBoundary, proveBoundary];
const LOAD: readonly Step[] = [stripTarget, fullLoad, buildIndexes, compareRows, compareObjects, resumeReplay];

/** The runbook: every step of a move with this configuration, in order. Why this order: docs/decisions/0030. */
export function runbook(config: Pick<Config, 'cdc'>): readonly Step[] {
  return runbookOf(engineOf(config));
}

/** The runbook with an engine of change capture. */
export function runbookOf({
  first,
  anchor,
  live,
  words,
}: Pick<CaptureEngine, 'first' | 'anchor' | 'live' | 'words'>): readonly Step[] {
  const cdc = live === null ? [] : [live.start, waitForCatchUp];
  return [preflight, ...first, ...PREPARE, ...anchor, ...BOUNDARY, ...LOAD, ...cdc].map((step) => ({
    ...step,
    ...words[step.id],
  }));
}

/**
 * The steps that an abort takes back: those of the runbook, and those of another engine that has made something in this run, whatever
 * longhaul.yaml says by now. A slot that nobody drops fills the disk of the source.
 */
export function stepsToUndo(config: EngineChoice, {claimed}: Pick<RunState, 'claimed'>): readonly Step[] {
  const own = engineOf(config);
  const others = ALL_ENGINES.reduce<readonly CaptureEngine[]>((chosen, engine) => {
    const known = [own, ...chosen];
    // Slots are made by more than one engine.
    const isOnlyIts = (object: string): boolean => engine.owns(object) && !known.some((one) => one.owns(object));
    return claimed.some(isOnlyIts) ? [...chosen, engine] : chosen;
  }, []);
  const all = [
    ...others.flatMap(({first, anchor, live}) => [...first, ...anchor, ...(live === null ? [] : [live.start])]),
    ...runbookOf(own),
  ];
  // What more than one of them makes is taken back once.
  return [...new Map(all.map((step) => [step.id, step])).values()];
}
