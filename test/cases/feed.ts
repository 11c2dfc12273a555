import {execFile} from 'node:child_process';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';
import type {Case, Outcome} from './try-case.ts';

/** A file is large above any of these. */
const HEAVY = {feedMs: 40_000, fullFeedMs: 1_800_000, bytes: 400e6, relations: 5000};
/** By psql, as superuser. What the server refuses, in its words. */
export async function feed({source}: Lab, {path, full}: Case): Promise<Outcome | null> {
  const limit = full ? HEAVY.fullFeedMs : HEAVY.feedMs;
  const args = ['-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', source.conninfo, '-f', path];
  const {code, words, timedOut} = await psql(join(source.clientBin, 'psql'), args, limit);
  if (code === 0) return null;
  if (timedOut) return {result: 'left out', words: `its SQL takes longer than ${limit / 1000} s: tried with --full`};
  return {result: 'skipped', words: `its server refuses it: ${words}`};
}

async function psql(
  program: string,
  args: readonly string[],
  timeout: number,
): Promise<{code: number; words: string; timedOut: boolean}> {
  return new Promise((resolve) => {
    const env = {PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', PGOPTIONS: '-c client_min_messages=warning'};
    execFile(program, args, {timeout, env}, (error, _, stderr) => {
      const words =
        stderr
          .trim()
          .split('\n')
          .find((line) => /ERROR|FATAL/.test(line)) ?? stderr.trim();
      resolve({
        code: error === null ? 0 : 1,
        words: words.replace(/^.*?(?=ERROR|FATAL)/, ''),
        timedOut: error?.killed === true,
      });
    });
  });
}

/** Why a file is tried with --full only; null where it is small. */
export async function describeHeavy({source}: Lab): Promise<string | null> {
  const [[bytes = '0', relations = '0'] = []] = await source.sql(
    "SELECT pg_database_size(current_database()), count(*) FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 'S', 'm')",
  );
  if (Number(bytes) > HEAVY.bytes) return `its database has ${Math.round(Number(bytes) / 1e6)} MB`;
  return Number(relations) > HEAVY.relations ? `it makes ${relations} tables, indexes and sequences` : null;
}
