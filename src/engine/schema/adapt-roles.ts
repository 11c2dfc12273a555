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
    if (kind === 'ACL' || kind === 'DEFAULT ACL') return dropGrants(block, roles);
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

const GRANTEE = / (?:TO|FROM) ("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)(?: WITH GRANT OPTION)?;$/;

function dropGrants(block: readonly string[], {known}: TargetRoles): string[] {
  return block.filter((line) => {
    const grantee = GRANTEE.exec(line)?.[1];
    if (grantee === undefined || grantee === 'PUBLIC') return true;
    return known.has(grantee.startsWith('"') ? grantee.slice(1, -1).replaceAll('""', '"') : grantee);
  });
}
