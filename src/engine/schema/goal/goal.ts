import type {Difference} from '../../../domain/run/difference.ts';
import type {CommentRow} from '../../../pg/catalog/indexes.ts';
import {captureNeeds} from '../../capture/needs.ts';
import type {StepContext} from '../../step.ts';
import type {Attempts} from '../copy/attempts.ts';
import {differencesOf} from './differences.ts';
import {compareManifests, type Lacks} from './lacks.ts';
import {missingComments, readManifest, readManifestFile, unknownIn, type Manifest, type Objects} from './manifest.ts';
import {readMissingGrants} from './missing-grants.ts';
import {readOthers} from './other-definitions.ts';
import {divideManifest, statesDue} from './waits.ts';

/** How the target compares with what it is to have by now. */
export interface GoalSeen {
  /** What is wanted by now, what waits, and what is there. */
  readonly due: Objects;
  readonly later: Objects;
  readonly there: Manifest;
  /** In what the target falls short of it, and that in words. */
  readonly lacks: Lacks;
  readonly comments: readonly CommentRow[];
  readonly found: readonly Difference[];
}

/** What a comparison is made with. */
interface Asked {
  /** In place of the manifest that the run keeps. */
  readonly goal?: Manifest | null;
  /** For the dry run: definitions that differ by their text are passed over, for to tell them apart something has to be made and rolled back. */
  readonly changesNothing?: boolean;
  /** Whether privileges are compared, too: once, at the beginning or the end of a step. */
  readonly grants?: boolean;
  /** What the server said when it was tried. */
  readonly refused?: Attempts['refused'];
}

/** Compares the target with the manifest: definitions, states and comments; with the replica's privileges where asked. */
export async function compareWithGoal(
  ctx: StepContext,
  {goal = null, changesNothing = false, grants = false, refused = new Map()}: Asked = {},
): Promise<GoalSeen> {
  const target = await ctx.session('target');
  const wanted = goal ?? (await readManifestFile(ctx.folder));
  const there = await readManifest(target, ctx.config.tables);
  const all = compareManifests(wanted, there);
  const {now, later} = divideManifest(all.missing, ctx.config.load, captureNeeds(ctx.config));
  const other = changesNothing
    ? {indexes: [], foreignKeys: [], triggers: [], checks: []}
    : await readOthers(ctx, all.other);
  const enabled = statesDue(all.marks.enabled, ctx.config.load, ctx.state());
  const lacks = {...all, missing: now, other, marks: {...all.marks, enabled}};
  // What is not there has no comment yet.
  const comments = missingComments(wanted, there, changesNothing ? later : together(later, now));
  return {
    due: unknownIn(later, wanted),
    later,
    there,
    lacks,
    comments,
    found: [...differencesOf({lacks, comments, refused}), ...(grants ? await readMissingGrants(ctx) : [])],
  };
}

function together(a: Objects, b: Objects): Objects {
  return {
    indexes: [...a.indexes, ...b.indexes],
    foreignKeys: [...a.foreignKeys, ...b.foreignKeys],
    triggers: [...a.triggers, ...b.triggers],
    checks: [...a.checks, ...b.checks],
  };
}

/** How many objects there are. Pure. */
export function countOf({indexes, foreignKeys, triggers, checks}: Objects): number {
  return indexes.length + foreignKeys.length + triggers.length + checks.length;
}
