import {setTimeout as wait} from 'node:timers/promises';
import type {Boundary} from '../../src/domain/pg/boundary.ts';
import type {SchemaDrift} from '../../src/domain/run/drift/schema-change.ts';
import {createDriftWatch} from '../../src/engine/compare/drift/watch-drift.ts';
import {createRunFolder} from '../../src/engine/run/run-folder.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {pauseReplay, readReplicaPosition} from '../../src/pg/replication/replica.ts';
import type {Session} from '../../src/pg/session/session.ts';
import {contextOn, type LabContext} from '../support/lab-context.ts';
import {untilReplayed} from '../support/replayed.ts';

/** A source whose schema is watched since P. */
export interface DriftLab {
  readonly ctx: LabContext;
  /** Reads until it is as it is waited for, at most twenty seconds; gives what was seen last. */
  readonly look: (until: (seen: SchemaDrift) => boolean) => Promise<SchemaDrift>;
  /** One turn of the probe, so many milliseconds after the last; each time that the clock is read takes `eachMs`; statements that `fails` names fail. Gives what the source was asked. */
  readonly turn: (
    afterMs: number,
    eachMs?: number,
    fails?: (text: string) => boolean,
  ) => Promise<{readonly asked: readonly string[]; readonly isWhole: boolean}>;
  /** From now on the target answers nobody who asks for a session; what is given lets them in. */
  readonly holdTarget: () => () => void;
  readonly stop: () => Promise<void>;
}

/** Pauses the replica, takes that for P, and watches from then on. Time goes by as fast as it is asked for. */
export async function watchDrift(lab: Lab): Promise<DriftLab> {
  await untilReplayed(lab);
  let [ms, eachMs] = [0, 0];
  const boundary = await takeBoundary(lab);
  const ctx = await contextOn(lab, {type: 'boundary.captured', boundary});
  await createRunFolder(ctx.folder);
  const source = await ctx.session('source');
  const watching = {...ctx, steady: () => (ms += eachMs)};
  let target = Promise.resolve();
  const read = createDriftWatch(watching, async (role) => {
    if (role === 'target') await target;
    return ctx.open(role, 'probe');
  });
  return {
    ctx,
    look: async (until) => {
      // The server counts what was written a moment after it is committed.
      for (const end = Date.now() + 20_000; Date.now() < end; await wait(50)) {
        ms += 700_000;
        if ((await read(source)) !== null && until(ctx.state().schemaDrift)) break;
      }
      return ctx.state().schemaDrift;
    },
    turn: async (afterMs, each = 0, fails = () => false) => {
      [ms, eachMs] = [ms + afterMs, each];
      const asked: string[] = [];
      const changes = await read(heard(source, asked, fails));
      eachMs = 0;
      return {asked, isWhole: changes !== null};
    },
    holdTarget: () => {
      const held = Promise.withResolvers<void>();
      target = held.promise;
      return held.resolve;
    },
    stop: async () => ctx.close(),
  };
}

/** The same session; what it is asked is noted, and some of it fails. */
function heard(session: Session, asked: string[], fails: (text: string) => boolean): Session {
  const hear = (text: string): void => {
    asked.push(text);
    if (fails(text)) throw new Error('Connection terminated unexpectedly');
  };
  return {
    role: session.role,
    version: session.version,
    lost: session.lost,
    run: async (statement, limits) => {
      hear(statement.text);
      return session.run(statement, limits);
    },
    one: async (statement, limits) => {
      hear(statement.text);
      return session.one(statement, limits);
    },
    close: async () => session.close(),
  };
}

async function takeBoundary(lab: Lab): Promise<Boundary> {
  const ctx = await contextOn(lab);
  try {
    const replica = await ctx.session('replica');
    await replica.run(pauseReplay(replica.version));
    for (;;) {
      const position = await replica.one(readReplicaPosition(replica.version));
      if (!position.paused || position.replayLsn === null) continue;
      return {
        lsn: position.replayLsn,
        postmasterStart: position.postmasterStart,
        timeline: null,
        systemIdentifier: null,
        capturedAt: '2026-11-27T05:00:00.000Z',
      };
    }
  } finally {
    await ctx.close();
  }
}
