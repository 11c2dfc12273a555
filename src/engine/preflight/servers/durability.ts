import {printable} from '../../../domain/base/printable.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readSwitchedOff, type SwitchedOff} from '../../../pg/cutover/rehearsal/durability.ts';
import {found, listed} from '../found.ts';
import type {StepContext} from '../../step.ts';

/** What was switched off on the target for the load, and is so still: behind the hand-over a crash loses what the application was told is committed. */
export async function readDurability(ctx: StepContext): Promise<Finding[]> {
  return judgeDurability(await (await ctx.session('target')).run(readSwitchedOff()));
}

/** Pure. */
export function judgeDurability(off: readonly SwitchedOff[]): Finding[] {
  const {warning} = found('cutover', 'target');
  const everybodys = off.filter(({role}) => role === null).map(({name}) => name);
  const loses = everybodys.filter((name) => name !== 'autovacuum');
  const roles = off.flatMap(({role}) => (role === null ? [] : [role]));
  return [
    ...(loses.length > 0
      ? [
          warning(
            'not-durable',
            `${loses.join(', ')} ${loses.length === 1 ? 'is' : 'are'} off there, as loads like it: behind the hand-over a crash of the target loses what the application was told is committed`,
            `on the target, before the cutover: ${loses.map((name) => `ALTER SYSTEM SET ${name} = on`).join('; ')}; SELECT pg_reload_conf() (where it is managed: its parameter group; where the database has it: ALTER DATABASE … RESET)`,
          ),
        ]
      : []),
    ...(roles.length > 0
      ? [
          warning(
            'not-durable-role',
            `synchronous_commit is off there for ${listed(roles.map((role) => printable(role)))}: a crash of the target loses what these roles were told is committed; on the source they may have had it so, too`,
            `unless it is meant so, on the target: ${listed(roles.map((role) => `ALTER ROLE ${quoteIdentifier(role)} RESET synchronous_commit`))} (IN DATABASE, where it stands there)`,
          ),
        ]
      : []),
    ...(everybodys.includes('autovacuum')
      ? [
          warning(
            'no-autovacuum',
            'autovacuum is off there, as loads like it: behind the hand-over nobody vacuums and analyzes its tables',
            'on the target, before the cutover: ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf() (where it is managed: its parameter group)',
          ),
        ]
      : []),
  ];
}
