import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {pipeScript} from '../../../../src/engine/tools/pipe-script.ts';
import {startLab, type Lab} from '../../../../src/lab/lab.ts';
import {copyAgainScript} from '../../../../src/pg/cutover/rest-tables.ts';
import {readOwnPid} from '../../../../src/pg/load/backends.ts';
import {contextOn, type LabContext} from '../../../support/lab-context.ts';
import {RUN} from '../../../support/stepping.ts';

const TABLE = {schema: 'public', name: 'words', columns: ['id', 'said'], sequences: []};
const NAME = 'longhaul/rehearsal/hold';

let lab: Lab;
let ctx: LabContext;
let folder: string;

beforeAll(async () => {
  lab = await startLab({seed: false});
  ctx = await contextOn(lab, RUN);
  folder = await mkdtemp(join(tmpdir(), 'longhaul-copy-again-'));
});
afterAll(async () => {
  await ctx.close();
  await lab.stop();
  await rm(folder, {recursive: true});
});

test('a table that is copied again is read as it was written, whatever the database of the target has set', async () => {
  const make = 'CREATE TABLE public.words (id integer, said text[]); GRANT ALL ON public.words TO PUBLIC';
  await lab.source.sql(`${make}; INSERT INTO public.words VALUES (1, ARRAY[NULL, 'NULL', 'a'])`);
  await lab.target.sql(`${make}; ALTER DATABASE app SET array_nulls = off`);
  const holds = await ctx.open('target', 'hold');
  const {pid} = await holds.one(readOwnPid());
  const source = await ctx.session('source');
  await pipeScript(ctx, {
    file: join(folder, 'again.sql'),
    text: copyAgainScript(source.version, [{table: TABLE, remove: 'truncate', take: null, firing: []}], {
      pid,
      applicationName: NAME,
      asReplica: false,
      limitMs: 60_000,
      lockMs: 3000,
    }),
    servers: ctx.config.servers,
    applicationName: 'longhaul/rehearsal/again',
    limitMs: 60_000,
    purpose: 'copy public.words',
  });
  await holds.close();
  const [row] = await lab.target.sql('SELECT said[1] IS NULL, said[2], said[3] FROM public.words');
  expect(row).toEqual(['t', 'NULL', 'a']);
});
