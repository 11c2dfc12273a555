import {parseConninfo} from '../../../config/conninfo/parse-conninfo.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {printable} from '../../../domain/base/printable.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {readConnectByName} from '../../../pg/cutover/rehearsal/login-roles.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** A role that may connect by PUBLIC's grant alone is cut off by a REVOKE CONNECT … FROM PUBLIC of the operator, and with it change capture at its next reconnect. */
export async function readReplicationRole(ctx: StepContext): Promise<Finding[]> {
  const {config} = ctx;
  if (captureOf(ctx) === null) return [];
  const written = config.cdc.sourceForTarget === null ? {} : parseConninfo(config.cdc.sourceForTarget);
  const names = [written['user'] ?? config.servers.source.params['user'], config.servers.source.params['user']];
  const source = await ctx.session('source');
  const findings: Finding[] = [];
  for (const name of new Set(names)) {
    const [row] = name === undefined ? [] : await source.run(readConnectByName(name));
    if (name !== undefined && row !== undefined) findings.push(...judgeConnect(name, row, config.cutover));
  }
  return findings;
}

/** Pure. */
export function judgeConnect(
  role: string,
  {database, connects, byName}: {readonly database: string; readonly connects: boolean; readonly byName: boolean},
  {stopBefore, stopAfter, handOver}: Readonly<Record<'stopBefore' | 'stopAfter' | 'handOver', readonly unknown[]>>,
): Finding[] {
  if (byName) return [];
  const {blocker, warning: warn, note: tell} = found('cutover', 'source');
  const grant = `on the source: GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(role)}`;
  const name = printable(role);
  if (!connects)
    return [
      blocker('connect', `role ${name}, by which this run and change capture connect, may not connect any more`, grant),
    ];
  const seen = `role ${name} may connect by PUBLIC's grant alone: a REVOKE CONNECT … FROM PUBLIC that keeps the application off cuts off this run and change capture as well, and the drain never ends`;
  return [
    [...stopBefore, ...stopAfter, ...handOver].length > 0 ? warn('connect', seen, grant) : tell('connect', seen, grant),
  ];
}
