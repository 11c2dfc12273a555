import {readPglogicalTarget, readWorkerSettings} from '../../../../pg/capture/pglogical-target.ts';
import type {Session} from '../../../../pg/session/session.ts';
import type {StepContext} from '../../../step.ts';

/** Whether a change that does not fit stops its slot with an error. Without it a row that is in the way is overwritten, and one that is missing is skipped. */
export interface Strictness {
  /** It is so already. */
  readonly is: boolean;
  /** Longhaul can make it so. */
  readonly canBe: boolean;
  /** Why it cannot be had, in words; null where it can or is. */
  readonly why: string | null;
}

/** What strict mode rests on. */
export interface StrictSeen {
  readonly mayBeStrict: boolean;
  /** `pglogical.conflict_log_level` as workers have it; undefined where pglogical is not loaded. */
  readonly level: string | undefined;
  /** `track_commit_timestamp`: with it, the first update of every row that was loaded is a conflict. */
  readonly tracksCommits: boolean;
}

/** Pure. */
export function judgeStrictness({mayBeStrict, level, tracksCommits}: StrictSeen): Strictness {
  if (tracksCommits)
    return {
      is: false,
      canBe: false,
      why: 'track_commit_timestamp is on there: with it the first update of every row that was loaded would be an error',
    };
  if (level === 'error') return {is: true, canBe: true, why: null};
  return {
    is: false,
    canBe: mayBeStrict,
    why: mayBeStrict ? null : 'our role may not set pglogical.conflict_log_level',
  };
}

/** Whether workers that begin now have it. */
export async function isStrict(target: Session): Promise<boolean> {
  return (await target.run(readWorkerSettings([LEVEL]))).some(({value}) => value === 'error');
}

const LEVEL = 'pglogical.conflict_log_level';

/** Reads whether it is so, or can be. */
export async function readStrictness(ctx: StepContext): Promise<Strictness> {
  const target = await ctx.session('target');
  const settings = new Map(
    (await target.run(readWorkerSettings([LEVEL, 'track_commit_timestamp']))).map(({name, value}) => [name, value]),
  );
  const {mayBeStrict} = await target.one(readPglogicalTarget(target.version));
  return judgeStrictness({
    mayBeStrict,
    level: settings.get(LEVEL),
    tracksCommits: settings.get('track_commit_timestamp') === 'on',
  });
}
