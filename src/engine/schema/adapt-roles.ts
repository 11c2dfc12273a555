import {printable} from '../../domain/printable.ts';

/** Which roles there are on the target, and which of them ours may give ownership to. */
export interface TargetRoles {
  readonly known: ReadonlySet<string>;
  readonly assumable: ReadonlySet<string>;
}

/** The comment that pg_restore writes before each object: `-- Name: events; Type: TABLE; Schema: public; Owner: app_owner`. */
const HEADER = /^-- Name: (.*); Type: (.*); Schema: (.*); Owner: (.*)$/;

/**
 * Fits a script of pg_restore to the roles of the target. What belongs to a role that ours may not assume (a superuser) stays ours: the last
 * line of the object, which gives it away, goes. Grants to roles that the target lacks go as well. Says what was kept back. Pure.
 */
export function adaptRoles(sql: string, roles: TargetRoles): {sql: string; keptBack: string[]} {
  const keptBack: string[] = [];
  const blocks = splitBlocks(sql);
  const adapted = blocks.map((block) => {
    const [, name = '', kind = '', , owner = ''] = HEADER.exec(block[0] ?? '') ?? [];
    if (kind === 'ACL' || kind === 'DEFAULT ACL') {
      const {kept, dropped} = adaptGrants(block, roles);
      keptBack.push(...dropped.map((why) => printable(`${kind} ${name}: ${why}`)));
      return kept;
    }
    if (owner === '' || owner === '-' || roles.assumable.has(owner)) return block;
    const at = block.findLastIndex(
      (line) => line.startsWith('ALTER ') && line.includes(' OWNER TO ') && line.endsWith(';'),
    );
    if (at === -1) return block;
    keptBack.push(
      printable(`${kind} ${name}: owned by ${owner} on the source, by the role that restores it on the target`),
    );
    return block.toSpliced(at, 1);
  });
  return {sql: adapted.flat().join('\n'), keptBack};
}

function splitBlocks(sql: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of sql.split('\n')) {
    if (HEADER.test(line)) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks;
}

const NAME = '("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)';
const GRANTEE = new RegExp(` (?:TO|FROM) ${NAME}(?: WITH GRANT OPTION)?;$`);
const DEFAULT_OF = new RegExp(`^ALTER DEFAULT PRIVILEGES FOR ROLE ${NAME} `);
/** pg_dump puts these around a grant that somebody else than the owner made. */
const AS_GRANTOR = /^(?:SET SESSION AUTHORIZATION .*|RESET SESSION AUTHORIZATION);$/;

/** Grants as far as the target has the roles and ours may make them: each line by itself, in our own name. */
function adaptGrants(
  block: readonly string[],
  {known, assumable}: TargetRoles,
): {kept: string[]; dropped: readonly string[]} {
  const dropped: string[] = [];
  const kept = block.filter((line) => {
    if (AS_GRANTOR.test(line)) {
      if (line.startsWith('SET')) dropped.push('granted by another role on the source, by ours on the target');
      return false;
    }
    const owner = unquoted(DEFAULT_OF.exec(line)?.[1]);
    if (owner !== null && !assumable.has(owner)) {
      dropped.push(`default privileges of role ${owner}, which ours may not speak for`);
      return false;
    }
    const grantee = unquoted(GRANTEE.exec(line)?.[1]);
    if (grantee === null || grantee === 'PUBLIC' || known.has(grantee)) return true;
    dropped.push(`role ${grantee} is not on the target`);
    return false;
  });
  return {kept, dropped: [...new Set(dropped)]};
}

function unquoted(name: string | undefined): string | null {
  if (name === undefined) return null;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
