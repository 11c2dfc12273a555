import {describeConninfo, type Conninfo} from '../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {ServerFailure} from './server-error.ts';
import {sqlStateOf} from './sqlstate.ts';

/** What a connection that could not be made is told as: the server's or the network's words, and what to check first. Pure. */
export function unreachable(role: ServerRole, conninfo: Conninfo, cause: unknown): LonghaulError {
  if (cause instanceof LonghaulError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  // What node-postgres says of a server that asks for a password when there is none.
  const noPassword = words.includes('client password must be a string');
  return new ServerFailure(role, {
    code: 'unreachable',
    message: `the ${role} ${describeConninfo(conninfo)} could not be reached: ${noPassword ? 'it asks for a password, and none was found' : printable(words)}`,
    remedy: remedyFor(role, conninfo, noPassword ? '28P01' : sqlStateOf(cause)),
    cause,
  });
}

/** How much of a foreign answer is shown. */
const SHOWN = 60;

/** What listens there answered, and not as PostgreSQL does. Pure. */
export function notPostgres(role: ServerRole, conninfo: Conninfo, answer: Buffer): LonghaulError {
  const [line = ''] = answer.toString('latin1').split(/[\r\n]/);
  return new ServerFailure(role, {
    code: 'unreachable',
    message: `the ${role} ${describeConninfo(conninfo)} could not be reached: what listens there is no PostgreSQL, it says "${printable(line.slice(0, SHOWN))}"`,
    remedy: `let host and port of \`${role}\` in longhaul.yaml be those of PostgreSQL (on its machine: SHOW port); psql with the same conninfo must work`,
  });
}

/** Nobody answered in time: the port was open (`isOpen`) or not even that. Pure. */
export function noAnswer(
  role: ServerRole,
  conninfo: Conninfo,
  {isOpen, limitMs}: {readonly isOpen: boolean; readonly limitMs: number},
): LonghaulError {
  const within = `within ${limitMs / 1000} s (timeouts.connect, or connect_timeout of the conninfo)`;
  return new ServerFailure(role, {
    code: 'unreachable',
    message: `the ${role} ${describeConninfo(conninfo)} could not be reached: ${isOpen ? `the port takes connections, and nobody there let this one in ${within}` : `no connection was made ${within}`}`,
    remedy: isOpen
      ? `see that it is PostgreSQL that listens there, that it is not overloaded, and that a tunnel or pooler between has its other end; psql with the conninfo of \`${role}\` must work`
      : `see that the host of \`${role}\` in longhaul.yaml is up, and that no firewall between drops what this machine sends`,
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
