import type {CaptureEngine} from '../capture.ts';
import {NONE_NEEDS} from './needs.ts';

/** No change capture: a plain copy of the database as it is at P. Nothing is made on the source, and no WAL is held there. */
export const none: CaptureEngine = {
  name: 'none',
  summary:
    'a plain copy of the database as it is at P: nothing is made on the source, and what is written after P is not captured',
  needs: NONE_NEEDS,
  checks: [],
  data: {},
  first: [],
  anchor: [],
  live: null,
  reverse: null,
  words: {
    inventory: {
      title: 'take the inventory',
      why: 'sizes decide which table gets a lane to itself, and what has to fit on the target',
    },
    'plan-slots': {
      title: 'plan the lanes',
      why: 'the largest tables get a lane each, so that none of them is waited for at the end',
    },
    'capture-boundary': {
      title: 'capture the LSN P',
      why: 'P is where the copy is taken; at a position that still moves, tables would be copied from different moments',
    },
    'prove-boundary': {
      title: 'prove that the replica is at P',
      why: 'a replica of another cluster, or one that has moved on, would give other rows than those of P',
    },
    'strip-target': {
      title: 'strip the target of indexes and keys',
      why: 'a foreign key fails the load of a child before its parent, and every index slows the load down',
    },
    'build-indexes': {
      title: 'build indexes and keys',
      why: 'without them the copy is slow to read, and rows that break a key would go unseen',
    },
    'resume-replay': {
      title: 'prove P again and resume replay',
      why: 'this is the last moment at which P can be proved; the WAL that the replica received meanwhile fills its disk',
    },
  },

  owns: () => false,
  readNotCaptured: async () => [],
};
