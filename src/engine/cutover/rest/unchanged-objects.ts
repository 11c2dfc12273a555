import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {sumObjects} from '../../../pg/cutover/object-contents.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Action} from '../../action.ts';
import {remark} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {LANES} from '../final/lanes.ts';
import {waitUntilQuiet} from '../quiet.ts';
import {digestOf, OBJECT_BUCKETS} from './copy-objects.ts';
import {restDeadline} from './deadline.ts';

/** Whether the cutover, or the way back, moves large objects. Pure. */
export function movesObjects({config, isBack}: Pick<StepContext, 'config' | 'isBack'>): boolean {
  return config.cutover.largeObjects !== 'no' && (isBack !== true || config.cutover.copyRestBack);
}

/**
 * Proves that the source's large objects are those that copy-the-rest has compared, by reading them once more: no lock keeps anybody from writing one, before 16 not even a session that is read-only is kept
 * from it, and no slot tells. Nothing where they are not moved.
 */
export function planObjectsProof(ctx: StepContext): Action[] {
  if (!movesObjects(ctx)) return [];
  return [
    {
      on: 'source',
      text: remark(
        'proves that the large objects are those that copy-the-rest has compared',
        'SELECT count(*), sum(hash) FROM pg_largeobject_metadata …',
      ),
      execute: async () => proveUnchanged(ctx),
    },
  ];
}

/** Who has begun to write one is over in a moment, or ended. */
const QUIET_MS = 2_000;

async function proveUnchanged(ctx: StepContext): Promise<void> {
  const {sum, compared = 0} = ctx.state().evidence['copy-the-rest']?.objects ?? {};
  // Of an earlier version, which kept none.
  if (sum === undefined) return;
  // What is not committed nobody reads.
  await waitUntilQuiet(ctx, Math.min(QUIET_MS, ctx.config.cutover.lockLimitMs));
  if ((await readDigest(ctx, compared === 0 ? 1 : LANES)) === sum) return;
  if (!isTargetOpened(ctx.state().cutover))
    throw new LonghaulError({
      code: 'failed',
      message:
        'large objects of the source were made, written or removed after copy-the-rest had compared them: the target has others',
      remedy:
        'see who writes them (lo_put, lowrite, lo_import, lo_unlink), which before 16 a session that is read-only may as well, and keep him off; then longhaul cutover',
    });
  if (!ctx.state().findings.some(({check}) => check === OTHERS.check))
    await ctx.record({type: 'finding.seen', step: 'copy-the-rest', finding: OTHERS});
}

/** Once the target was to be opened there is only the way forward. */
const OTHERS: Finding = {
  check: 'cutover.objects-left',
  severity: 'warning',
  subject: 'source',
  seen: 'while no supervisor kept writers out, somebody made, wrote or removed large objects of the source, and nothing brings that to the target',
  remedy:
    'compare them by hand on both sides, by what lo_get gives of each number in pg_largeobject_metadata, and bring those that are wanted to the target (lo_export, lo_import with their numbers)',
};

/** Null where our role may not read one by now, which it could before. */
async function readDigest(ctx: StepContext, lanes: number): Promise<string | null> {
  const deadline = restDeadline(ctx);
  const contents = ctx.config.cutover.largeObjects === 'contents';
  const opened: Session[] = [];
  try {
    const sums = await Promise.all(
      Array.from({length: lanes}, async (_, part) => {
        // By their names whoever goes back ends them.
        const session = await ctx.open('source', `copy-rest-proof-${part}`);
        opened.push(session);
        const statement = sumObjects({contents, of: OBJECT_BUCKETS, part, parts: lanes});
        return session.run(statement, {timeoutMs: deadline.left()});
      }),
    );
    return digestOf(sums.flat());
  } catch (error) {
    if (sqlStateOf(error) !== SQLSTATE.insufficientPrivilege) throw error;
    return null;
  } finally {
    await Promise.all(opened.map(async (one) => one.close()));
  }
}
