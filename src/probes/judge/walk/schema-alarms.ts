import {inOneLine} from '../../../pg/objects/one-line.ts';
import {isTargetClosed, WRITES} from '../../../domain/run/capture/read-only-target.ts';
import {describeDrift, openChanges} from '../../../domain/run/drift/schema-change.ts';
import type {Judge} from '../observed.ts';

/** Its subject says how many there are: more of them are told again. */
export const DRIFT_ALARM = 'schema.drift:source';

/** So many statements are in one remedy. */
const TOLD = 3;

/** The source's schema has changed since P: no change capture carries that, and one that meets it on the way stops or loses. */
export const judgeSchema: Judge = ({state: {schemaDrift, claimed}}) => {
  const changes = openChanges(schemaDrift);
  if (changes.length === 0) return [];
  const drift = {...schemaDrift, changes, total: schemaDrift.total - (schemaDrift.changes.length - changes.length)};
  const statements = [...new Set(drift.changes.flatMap(({statement}) => statement ?? []))];
  return [
    {
      id: DRIFT_ALARM,
      severity: 'warning',
      subject: `schema of the source, ${drift.total === 1 ? '1 change' : `${drift.total} changes`}`,
      seen: describeDrift(drift),
      remedy: remedyFor(statements, {total: drift.total, isClosed: isTargetClosed(claimed)}),
    },
  ];
};

function remedyFor(
  statements: readonly string[],
  {total, isClosed}: {readonly total: number; readonly isClosed: boolean},
): string {
  // While changes are applied a session that does not say so can make nothing there.
  const open = isClosed ? `${WRITES}; ` : '';
  const [first, ...others] = statements
    .slice(0, TOLD)
    .map((one, at) => `on the target: ${at === 0 ? open : ''}${inOneLine(one)}`);
  if (first === undefined)
    return 'longhaul drift says what each is; make them on the target as pg_dump -s of the source has them';
  const isAll = total <= TOLD && statements.length === total;
  return [first, ...others, isAll ? 'the alarm is over within two minutes' : 'longhaul drift has all of them'].join(
    '; then ',
  );
}
