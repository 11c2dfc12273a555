import type {Config} from '../config/config.ts';
import type {RunState} from '../domain/run/run-state.ts';
import type {CaptureEngine} from './capture/capture.ts';
import {ALL_ENGINES, engineOf} from './capture/engines.ts';
import type {EngineChoice} from './capture/needs.ts';
import type {Step} from './step.ts';
import {prepareReverse} from './steps/cutover/prepare-reverse.ts';
import {startReverse} from './steps/cutover/start-reverse.ts';
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
import {compareAgain} from './steps/cdc/compare-again.ts';
import {restoreUnique} from './steps/cdc/restore-unique.ts';
import {compareFinal} from './steps/cutover/compare-final.ts';
import {copyTheRest} from './steps/cutover/copy-the-rest.ts';
import {copySequences} from './steps/cutover/copy-sequences.ts';
import {drain} from './steps/cutover/drain.ts';
import {handOver} from './steps/cutover/hand-over.ts';
import {restoreTriggersAndKeys} from './steps/cutover/restore-triggers-and-keys.ts';
import {stopWrites} from './steps/cutover/stop-writes.ts';
import {validateConstraints} from './steps/cutover/validate-constraints.ts';
import {waitForCatchUp} from './steps/cdc/wait-for-catch-up.ts';

const PREPARE: readonly Step[] = [inventory, planSlots, copyGlobals, copySchema];
/** Behind what the engine makes: what changes go into exists before the pause, and the pause comes before P. */
const BOUNDARY: readonly Step[] = [pauseReplay, captureBoundary, proveBoundary];
const LOAD: readonly Step[] = [stripTarget, fullLoad, buildIndexes, compareRows, compareObjects, resumeReplay];

/** From the first refused write on the source to the first that the target takes, and what may come after it. */
const CUTOVER: readonly Step[] = [
  prepareReverse,
  stopWrites,
  drain,
  copyTheRest,
  copySequences,
  restoreTriggersAndKeys,
  compareFinal,
  startReverse,
  handOver,
  validateConstraints,
];

/** The steps of the cutover, which are walked on their own once somebody has typed it; none where Longhaul does not capture itself. */
export function cutoverSteps(config: EngineChoice): readonly Step[] {
  return engineOf(config).live === null ? [] : CUTOVER;
}

/** Those of the way back: of the same cutover, walked with a mirrored context (engine/back). */
export const BACK_STEPS: readonly Step[] = [stopWrites, drain, copyTheRest, copySequences, startReverse, handOver];

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
  const cdc = live === null ? [] : [live.start, waitForCatchUp, restoreUnique, compareAgain];
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
    ...(own.reverse === null ? [] : [prepareReverse]),
    // Taken back first: writers wait.
    ...(own.live === null ? [] : [handOver, stopWrites]),
  ];
  // What more than one of them makes is taken back once.
  return [...new Map(all.map((step) => [step.id, step])).values()];
}
