import {readAsHere} from '../../../pg/session/as-here.ts';
import {rehearsePart} from '../../../pg/objects/rehearse.ts';
import type {StepContext} from '../../step.ts';
import type {FactDifference} from './judge-facts.ts';

/**
 * Of what has another text, what is something else: a server prints in its own words what it has parsed, so the source's words are tried on the
 * target, rolled back, and what the target prints of them is compared with what it has.
 */
export async function withoutOtherWords(
  ctx: Pick<StepContext, 'open'>,
  differences: readonly FactDifference[],
): Promise<FactDifference[]> {
  const tried = differences.flatMap((one) => {
    const {part, wanted, there} = one;
    const has = part === null ? null : (there?.parts[part] ?? null);
    // What has no words here is no other words; nor is what cannot be made here the same as nothing.
    if (part === null || wanted === null || has === null) return [];
    const rehearsal = rehearsePart(part, wanted);
    return rehearsal === null ? [] : [{one, rehearsal, has}];
  });
  if (tried.length === 0) return [...differences];
  // What is made in between is rolled back: nobody else may speak on this session.
  const target = await ctx.open('target', 'definitions');
  try {
    const same = new Set<FactDifference>();
    for (const {one, rehearsal, has} of tried) if ((await readAsHere(target, rehearsal)) === has) same.add(one);
    return differences.filter((one) => !same.has(one));
  } finally {
    await target.close();
  }
}
