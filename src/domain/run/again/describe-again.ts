import {counted} from '../../base/units.ts';
import type {RunState} from '../run-state.ts';

/** How far a comparison is that is made while changes flow: `12/67 tables`; null while none goes on. Pure. */
export function describeAgain({again}: Pick<RunState, 'again'>): string | null {
  if (again === null || again.endedAt !== null) return null;
  const differing = again.differing.length;
  return `${again.done.length}/${counted(again.tables, 'table')}${differing === 0 ? '' : `, ${differing} differ`}`;
}
