import {expect, test} from 'vitest';
import {serverBin} from '../../pairs/npm-servers.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {crashBesideASession} from './crash-recovery.ts';

const OLD = findOldServer();

// What the fence rests on (docs/decisions/0002): nothing that can be read tells of a crash recovery, a session does.
test.each([['9.6'], ['13'], ['15'], ['18']])(
  'a crash recovery of a %s standby keeps the postmaster, forgets the pause and ends every session (9.6 is skipped where there is none)',
  async (release) => {
    const bin = release === '9.6' ? OLD : await serverBin(release);
    if (bin === null) return;
    const {words, ...seen} = await crashBesideASession(bin);
    expect(seen).toEqual({postmasterStartIsSame: true, pauseIsForgotten: true});
    expect(words).toMatch(/^before\n[^]*(closed the connection|connection to server was lost)/);
    expect(words).not.toContain('after');
  },
);
