import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {runProgram} from './server-programs.ts';

/** Where one cluster of the lab is; what state.json keeps of it. */
export interface LabServerPlace {
  /** Folder of its postgres and pg_ctl. */
  readonly bin: string;
  /** Folder of a psql that can talk to it. */
  readonly clientBin: string;
  readonly port: number;
  readonly dataDir: string;
  readonly socketDir: string;
  readonly logFile: string;
}

/** One cluster of the lab, reached as superuser through its private unix socket. */
export interface LabServer extends LabServerPlace {
  /** The superuser's conninfo of database `app`: `host='/tmp/lh/s' port=24117 user=postgres dbname=app`. */
  readonly conninfo: string;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<void>;
  /** `immediate` is a crash: no checkpoint, clients are cut off. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>;
  readonly restart: (mode?: 'fast' | 'immediate') => Promise<void>;
  /**
   * Runs SQL as superuser and gives the rows of the one statement that returns some, NULL as an empty text.
   * Throws a LonghaulError with psql's words.
   */
  readonly sql: (text: string, database?: string) => Promise<string[][]>;
}

// The ASCII separators for fields and records: no seeded value holds them, a newline may be in any.
const FIELD = '\u001f';
const RECORD = '\u001e';

/** The handle of a cluster; does nothing by itself. */
export function labServer(place: LabServerPlace): LabServer {
  const conninfo = (database: string): string =>
    `host='${place.socketDir}' port=${place.port} user=postgres dbname='${database}' application_name=longhaul-lab`;
  const control = async (args: readonly string[]): Promise<void> => {
    await runProgram(join(place.bin, 'pg_ctl'), ['-D', place.dataDir, '-w', '-t', '120', '-s', ...args], {
      asServerUser: true,
    });
  };
  const server: LabServer = {
    ...place,
    conninfo: conninfo('app'),
    start: async () => {
      try {
        await control(['-l', place.logFile, 'start']);
      } catch (error) {
        throw await withLog(error, place.logFile);
      }
    },
    stop: (mode = 'fast') => control(['-m', mode, 'stop']),
    restart: async (mode = 'fast') => {
      await server.stop(mode);
      await server.start();
    },
    sql: async (text, database = 'app') => {
      const output = await runProgram(
        join(place.clientBin, 'psql'),
        ['-XAqt', '-v', 'ON_ERROR_STOP=1', '-F', FIELD, '-R', RECORD, '-d', conninfo(database), '-f', '-'],
        {input: text},
      );
      return parseRows(output);
    },
  };
  return server;
}

/** Whether a postmaster of this cluster runs now. */
export async function isRunning(place: LabServerPlace): Promise<boolean> {
  // pg_ctl status exits 3 for a stopped cluster, 4 for no cluster.
  return runProgram(join(place.bin, 'pg_ctl'), ['-D', place.dataDir, 'status'], {asServerUser: true}).then(
    () => true,
    () => false,
  );
}

/** pg_ctl only says that it could not start; why is at the end of the server's own log. */
async function withLog(error: unknown, logFile: string): Promise<unknown> {
  if (!(error instanceof LonghaulError)) return error;
  return new LonghaulError({
    code: error.code,
    message: `${error.message}: ${await lastWords(logFile)}`,
    remedy: error.remedy,
    cause: error,
  });
}

/** The last five lines of a server's log as one: `… FATAL:  could not connect / …`. */
export async function lastWords(logFile: string): Promise<string> {
  const log = existsSync(logFile) ? await readFile(logFile, 'utf8') : '';
  return log.trimEnd().split('\n').slice(-5).map(printable).join(' / ');
}

function parseRows(output: string): string[][] {
  // psql ends every result with one newline, whatever the record separator.
  const body = output.endsWith('\n') ? output.slice(0, -1) : output;
  return body === '' ? [] : body.split(RECORD).map((row) => row.split(FIELD));
}
