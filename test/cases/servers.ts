import {serverBin} from '../pairs/npm-servers.ts';
import {findOldServer} from '../pairs/old-server.ts';

/** The folder of a release's server programs (`9.6`, `15`), as `npm run pairs` gets them. Throws where there is none. */
export async function binOf(release: string): Promise<string> {
  if (release !== '9.6') return serverBin(release);
  const found = findOldServer();
  if (found === null) throw new Error('no server of release 9.6: name the folder of its programs in LONGHAUL_PG96');
  return found;
}
