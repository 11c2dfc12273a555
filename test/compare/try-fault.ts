import {planFix} from '../../src/engine/compare/objects/fix.ts';
import type {ObjectDifference, ObjectsCompared} from '../../src/engine/compare/objects/object-difference.ts';
import type {StepContext} from '../../src/engine/step.ts';
import type {ObjectFault} from './fault.ts';
import {startAnew, type ObjectLab} from './object-lab.ts';

/** What came of a change of one object. */
export interface TriedFault {
  /** What is wrong with how it was named or mended; null where nothing is. */
  readonly wrong: string | null;
  /** Statements that --fix has executed, and such as were shown and executed by hand. */
  readonly fixed: number;
  readonly byHand: number;
}

/** An object is made, then given, then spoken about; what depends on it comes in between. */
const ROUNDS = 6;
/** A server that says so understood the statement: it is for somebody who may. */
const NO_RIGHT = /permission denied|must be (?:owner|superuser|a superuser|member)|must have|Must be superuser/i;
const TAKES = /(?:^|;\s*)(?:DROP|REVOKE|TRUNCATE|DELETE)\b|^ALTER [^']* DROP /;

/**
 * Makes one change on the target, which is as the source, and says what is wrong with how it was named and with what mends it: first what --fix makes, which takes
 * nothing, then the statements of the remedies, in their order, until nothing differs. The target is brought back where people have to mend it.
 */
export async function tryFault(objects: ObjectLab, fault: ObjectFault): Promise<TriedFault> {
  const {lab, compare} = objects;
  await lab.target.sql(fault.change);
  const compared = await compare();
  const misnamed = judgeNames(fault, compared);
  if (misnamed !== null || fault.differs === 'is expected') {
    await startAnew(objects);
    return {wrong: misnamed, fixed: 0, byHand: 0};
  }
  const mended = await mend(objects, compared.differences);
  const people = fault.people === true;
  if (mended.left.length > 0 || mended.wrong !== null) await startAnew(objects);
  const left = mended.left.map((one) => `${one.object} ${one.differs}`).join('; ');
  const wrong =
    mended.wrong ??
    (people && left === '' ? 'is mended by statements, and said to be for people' : null) ??
    (!people && left !== '' ? `is not mended: ${left}` : null);
  return {...mended, wrong: wrong === null ? null : `${fault.change}: ${wrong}`};
}

function judgeNames(fault: ObjectFault, {differences, expected}: ObjectsCompared): string | null {
  const isNamed =
    fault.differs === 'is expected'
      ? differences.length === 0 && expected.some((words) => words.startsWith(`${fault.object}: `))
      : differences.some(({object, differs}) => object === fault.object && differs === fault.differs);
  if (isNamed) return null;
  const named = differences.map(({object, differs}) => `${object} ${differs}`).join('; ');
  return `${fault.change}: not named as ${fault.object} ${fault.differs}, but as: ${named || 'nothing'}`;
}

interface Mended {
  readonly left: readonly ObjectDifference[];
  readonly wrong: string | null;
  readonly fixed: number;
  readonly byHand: number;
}

async function mend(objects: ObjectLab, found: readonly ObjectDifference[]): Promise<Mended> {
  let left = found;
  let [fixed, byHand] = [0, 0];
  for (let round = 1; round <= ROUNDS && left.length > 0; round += 1) {
    const made = planFix({} as StepContext, left).map(({text}) => text);
    const taking = made.find((text) => TAKES.test(text));
    if (taking !== undefined) return {left, wrong: `--fix takes something: ${taking}`, fixed, byHand};
    const refused = made.length === 0 ? [] : await objects.fix(left);
    const broken = refused.find((words) => !NO_RIGHT.test(words));
    if (broken !== undefined) return {left, wrong: `--fix made no statement: ${broken}`, fixed, byHand};
    fixed += made.length - refused.length;
    if (made.length === refused.length) {
      const done = await byPeople(objects, left);
      if (done === 0) break;
      byHand += done;
    }
    const only = left.filter(({differs}) => differs === 'is on the target only');
    const isByFix = made.length > refused.length;
    ({differences: left} = await objects.compare());
    const taken = only.find(({object}) => !left.some((one) => one.object === object));
    if (isByFix && taken !== undefined) return {left, wrong: `--fix took ${taken.object}`, fixed, byHand};
  }
  return {left, wrong: null, fixed, byHand};
}

/** Executes what the remedies have to be run on the target, as somebody who may; gives how many there were. */
async function byPeople({lab}: ObjectLab, differences: readonly ObjectDifference[]): Promise<number> {
  let done = 0;
  for (const {remedy} of differences) {
    const [, statement] =
      /on the target(?:, as a role that may \([^)]*\))?: ([^]*); then longhaul run/.exec(remedy) ?? [];
    if (statement === undefined) continue;
    const worked = await lab.target.sql(statement).then(
      () => true,
      // What depends on something else, which is mended in this round, comes in the next.
      () => false,
    );
    if (worked) done += 1;
  }
  return done;
}
