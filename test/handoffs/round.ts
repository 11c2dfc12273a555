import {setTimeout as wait} from 'node:timers/promises';
import {compareFingerprints, fingerprintDatabase, type TableFingerprint} from '../../src/lab/fingerprint.ts';
import type {StepId} from '../../src/domain/run/step-id.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {drained} from '../support/drained.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {startWriters} from './writers.ts';

/** What came of a hand-off. */
export interface HandedOff {
  readonly boundary: string;
  /** After how many milliseconds of its step the supervisor was killed; null where it was not. */
  readonly killedAfterMs: number | null;
  readonly lost: number;
  readonly doubled: number;
  readonly problems: readonly string[];
}

const RUN = ['run', '--plain', '--from', 'create-sentinels'] as const;

/**
 * One hand-off: load and change capture from a P that falls somewhere among the writers, who then stop; once all has arrived every table is equal, and
 * so is every sentinel. Then all is taken back. `killAfterMs` kills the supervisor so long after the step `killIn` has begun.
 */
export async function handOff(
  lab: Lab,
  {pauseMs, killAfterMs, killIn}: {pauseMs: number; killAfterMs: number | null; killIn: StepId},
): Promise<HandedOff> {
  const writers = await startWriters(lab);
  await wait(pauseMs);
  if (killAfterMs !== null) await runAndKill(lab, killIn, killAfterMs);
  await mustEndWell(lab, ...RUN);
  await writers.stop();
  await drained(lab);
  const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
  const {boundary} = await stateOf(lab);
  const problems = compareFingerprints(source, target).map(({table, seen}) => `${table} ${seen}`);
  await mustEndWell(lab, 'abort', '--yes', 'rehearsal');
  return {boundary: boundary?.lsn ?? '?', killedAfterMs: killAfterMs, ...count(source, target), problems};
}

/** A kill of the supervisor at a random statement of a step; what it had sent to a server goes on there. */
async function runAndKill(lab: Lab, step: StepId, afterMs: number): Promise<void> {
  await longhaul(lab, 'run', '--detach', '--from', 'create-sentinels');
  const pid = await eventually(`${step} to begin`, async () => {
    const {steps, supervisor} = await stateOf(lab);
    const status = steps.find(({id}) => id === step)?.state.status;
    return supervisor !== null && (status === 'running' || status === 'done') ? supervisor.pid : null;
  });
  await wait(afterMs);
  process.kill(pid, 'SIGKILL');
}

function count(
  source: readonly TableFingerprint[],
  target: readonly TableFingerprint[],
): {lost: number; doubled: number} {
  const there = new Map(target.map((one) => [one.table, one.rows ?? 0]));
  const gaps = source.flatMap(({table, rows}) => (rows === null ? [] : [rows - (there.get(table) ?? 0)]));
  return {
    lost: gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0),
    doubled: gaps.reduce((sum, gap) => sum + Math.max(0, -gap), 0),
  };
}
