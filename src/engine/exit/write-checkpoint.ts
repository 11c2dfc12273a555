import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {checkpoint} from '../../pg/replication/checkpoint.ts';
import {renderStatement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';
import type {Lent} from './lent-session.ts';

/** Whether the checkpoint was written; `late` where it is still being written, else why it could not be. */
export type Written = 'written' | 'late' | {readonly refused: string};

/** A checkpoint of a loaded primary takes minutes; that is how long the statement may take. */
const CHECKPOINT_MS = 600_000;

/** Writes a checkpoint and waits for it, at most for so long. */
export function planCheckpoint(
  ctx: StepContext,
  source: Lent,
  waitMs: number,
): Action & {readonly written: () => Written} {
  let written: Written = {refused: 'it was not written'};
  return {
    on: 'source',
    text: renderStatement(checkpoint()),
    written: () => written,
    execute: async () => {
      const session = await source.session();
      const late = ctx.sleep(waitMs).then(() => 'late' as const);
      const ended = session.run(checkpoint(), {timeoutMs: CHECKPOINT_MS}).then(
        () => 'written' as const,
        (error: unknown) => {
          if (error instanceof LonghaulError) return {refused: error.message};
          throw error;
        },
      );
      written = await Promise.race([ended, late]);
    },
  };
}
