import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readReadOnlyDefault} from '../../../pg/capture/read-only.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** Whether the target's database can be made read-only for all but change capture, as start-cdc does; nothing is asked where it is not to be. */
export async function checkReadOnly(ctx: StepContext): Promise<Finding[]> {
  if (!ctx.config.cdc.targetReadOnly) return [];
  return judgeReadOnly(await (await ctx.session('target')).one(readReadOnlyDefault()));
}

const {blocker, warning} = found('target');

/** Pure. */
export function judgeReadOnly({
  database,
  mayChange,
  role,
  exceptions,
}: {
  readonly database: string;
  readonly mayChange: boolean;
  readonly role: string;
  readonly exceptions: readonly string[];
}): Finding[] {
  return [
    ...(mayChange
      ? []
      : [
          blocker(
            'read-only',
            `role ${role} may not make the database read-only while changes are applied: only its owner may`,
            `on the target, as superuser: ALTER DATABASE ${quoteIdentifier(database)} OWNER TO ${quoteIdentifier(role)}; or cdc.target_read_only: no in longhaul.yaml`,
          ),
        ]),
    ...(exceptions.length === 0
      ? []
      : [
          warning(
            'read-only-exceptions',
            `${exceptions.join(', ')}: their own default_transaction_read_only is off, and they write there whatever the database says`,
            'take it away for as long as changes are applied, or see that they write nothing there',
          ),
        ]),
  ];
}
