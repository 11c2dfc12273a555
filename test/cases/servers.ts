import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {serverBin} from '../pairs/npm-servers.ts';
import {findOldServer} from '../pairs/old-server.ts';

/** The folder of a release's server programs (`9.6`, `15`), as `npm run pairs` gets them. Throws where there is none. */
export async function binOf(release: string): Promise<string> {
  if (release !== '9.6') return serverBin(release);
  const found = findOldServer();
  if (found === null) throw new Error('bug: asked for a 9.6 that is not here');
  return found;
}

/** The release of a folder's pg_dump: 15. */
export function readMajorOf(tools: string): number {
  return Number(/ (\d+)/.exec(execFileSync(join(tools, 'pg_dump'), ['--version'], {encoding: 'utf8'}))?.[1]);
}
