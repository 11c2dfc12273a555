import type {Lab} from '../../../src/lab/lab.ts';
import {bySql, type Situation} from './situation.ts';

const onTarget = (text: string) => async (lab: Lab) => {
  await lab.target.sql(text);
};

/** Rights on the target. */
export const TARGET: readonly Situation[] = [
  {
    id: 'target.create',
    when: 'the role may make no schema there',
    arise: onTarget('ALTER DATABASE app OWNER TO postgres'),
  },
  {id: 'target.create-role', when: 'the role may make no roles', arise: onTarget('ALTER ROLE longhaul NOCREATEROLE')},
  {
    id: 'target.extension-rights',
    when: 'an extension of the source wants a superuser',
    arise: bySql('CREATE EXTENSION pageinspect'),
  },
  {
    id: 'target.replication-role',
    when: 'change capture would fire foreign keys',
    arise: onTarget('REVOKE SET ON PARAMETER session_replication_role FROM longhaul'),
    alternative: 1,
  },
];
