import {describeConninfo, type Conninfo} from '../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {sqlStateOf} from './sqlstate.ts';

/** What a connection that could not be made is told as: the server's or the network's words, and what to check first. Pure. */
export function unreachable(role: ServerRole, conninfo: Conninfo, cause: unknown): LonghaulError {
  if (cause instanceof LonghaulError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  // What node-postgres says of a server that asks for a password when there is none.
  const noPassword = words.includes('client password must be a string');
  return new LonghaulError({
    code: 'unreachable',
    message: `the ${role} ${describeConninfo(conninfo)} could not be reached: ${noPassword ? 'it asks for a password, and none was found' : printable(words)}`,
    remedy: remedyFor(role, conninfo, noPassword ? '28P01' : sqlStateOf(cause)),
    cause,
  });
}

function remedyFor(role: ServerRole, {params}: Conninfo, sqlState: string | null): string {
  const {host = '', port = '', dbname = '', user = ''} = params;
  switch (sqlState ?? '') {
    case '28P01':
      return printable(
        `keep the password where psql finds it too: a line ${[host, port, dbname, user].join(':')}:PASSWORD in ~/.pgpass (mode 0600), or PGPASSWORD`,
      );
    case '28000':
      return printable(
        `let pg_hba.conf of the ${role} take user ${user} on database ${dbname} from this machine, and see whether the role is there and may log in`,
      );
    case '3D000':
      return printable(`create the database there, or mend dbname of \`${role}\` in longhaul.yaml`);
    case '53300':
      return `let some of its sessions end, or raise its max_connections, on every standby before their primary, because a standby with less stops replaying: Longhaul keeps a few of its own and one for each lane`;
    default:
      return `see that it runs, that pg_hba.conf lets this machine in, and that \`${role}\` in longhaul.yaml is right (psql with the same conninfo must work)`;
  }
}
