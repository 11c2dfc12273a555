import {join} from 'node:path';
import * as fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {quoteLiteral} from '../../../src/domain/pg/identifier.ts';
import type {InventoryTable} from '../../../src/domain/pg/inventory.ts';
import {quoteRelation} from '../../../src/domain/pg/relation.ts';
import {rangesOf, type KeyBound, type KeyRange, type TableCut} from '../../../src/domain/run/key-range.ts';
import {cutPages, type PagePart} from '../../../src/domain/run/table-part.ts';
import {readRangeKeys} from '../../../src/engine/inventory/read-range-keys.ts';
import {chooseBounds} from '../../../src/engine/plan/cut-tables.ts';
import {createCluster} from '../../../src/lab/cluster/cluster.ts';
import {findFreePorts} from '../../../src/lab/cluster/free-ports.ts';
import {labServer, type LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {createPrivateFolder, removeFolder} from '../../../src/lab/cluster/private-folder.ts';
import {findClientBin} from '../../../src/lab/cluster/server-programs.ts';
import {copyOutScript} from '../../../src/pg/load/copy-data.ts';
import {conditionOf, mustBeInOrder} from '../../../src/pg/ranges/rows-of.ts';
import {sortKeyValues} from '../../../src/pg/ranges/range-keys.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {inventoryOf, table} from '../../engine/plan/inventory.ts';
import {serverBin} from '../../pairs/npm-servers.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {cutTables, type CutTable} from './tables.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
// 13 is the newest that is cut by keys; 15 is cut by pages.
const RELEASES = NIGHTLY ? ['9.6', '10', '13', '15'] : ['13'];
const WANTED = NIGHTLY ? [2, 3, 8, 50, 150] : [2, 8, 50];
const RUNS = {numRuns: NIGHTLY ? 200 : 8, seed: 15};

/** One that does not order as bytes do, where the server has it. */
const OTHER_COLLATION = `SELECT quote_ident(collname) FROM pg_collation
  WHERE collname IN ('en-x-icu', 'en_US', 'en_US.utf8', 'C') ORDER BY array_position(ARRAY['en-x-icu', 'en_US', 'en_US.utf8'], collname::text) LIMIT 1`;

function cutsOf({rangeKey}: InventoryTable): TableCut[] {
  if (rangeKey === undefined || 'why' in rangeKey) return [];
  const bounds = WANTED.map((wanted) => chooseBounds(rangeKey.spread, wanted));
  return bounds.filter(({length}) => length > 0).map((one) => ({key: rangeKey.key, bounds: one}));
}

describe.each(RELEASES)('every row of a table is in exactly one unit on %s, whatever the statistics say', (release) => {
  let folder: string;
  let server: LabServer;
  let session: Session;
  let tables: readonly CutTable[];
  const known = new Map<string, InventoryTable>();
  const bin = release === '9.6' ? findOldServer() : null;
  const isThere = release !== '9.6' || bin !== null;

  beforeAll(async () => {
    if (!isThere) return;
    folder = await createPrivateFolder();
    const [port = 0] = await findFreePorts(1);
    const programs = bin ?? (await serverBin(release));
    const clientBin = await findClientBin(programs, 'psql');
    const place = {bin: programs, clientBin, port, dataDir: join(folder, 'data'), socketDir: join(folder, 's')};
    server = labServer({...place, logFile: join(folder, 'log')});
    await createCluster(server, 'source');
    await server.start();
    await server.sql('CREATE DATABASE app', 'postgres');
    const [[collation = '"C"'] = []] = await server.sql(OTHER_COLLATION);
    tables = cutTables(collation);
    for (const {name, ddl, fill, analyzed} of tables)
      await server.sql(
        [
          `CREATE TABLE public.${name} (${ddl})`,
          ...fill,
          ...(analyzed === false ? [] : [`ANALYZE public.${name}`]),
        ].join(';\n'),
      );
    const conninfo = `host=${server.socketDir} port=${port} dbname=app user=postgres`;
    const options = {applicationName: 'longhaul/test', readOnly: true, statementTimeoutMs: 60_000, lockTimeoutMs: 5000};
    session = await connect('replica', resolveConninfo(conninfo, surroundings({})), options);
    const inventory = inventoryOf(tables.map(({name}) => table(`public.${name}`, 1)));
    const read = await readRangeKeys(session, inventory, {unitBytes: 1});
    for (const one of read.tables) known.set(one.relation.name, one);
  });
  afterAll(async () => {
    if (!isThere) return;
    await session.close();
    await server.stop('immediate');
    await removeFolder(folder);
  });

  /** How often the rows are in how many parts: `1 2000` alone is right. */
  async function timesIn(name: string, parts: readonly (PagePart | KeyRange)[]): Promise<string[]> {
    const isIn = parts.map((part) => `(${conditionOf(part) ?? 'true'})::int`).join(' + ');
    const rows = await session.run(
      sql<{times: number; rows: number}>(
        `SELECT ${isIn} AS times, count(*)::int AS rows FROM ONLY public.${name} GROUP BY 1`,
      ),
    );
    return rows.map(({times, rows: count}) => `${times} ${count}`);
  }

  async function countOf(from: string): Promise<number> {
    return (await session.one(sql<{rows: number}>(`SELECT count(*)::int AS rows FROM ${from}`))).rows;
  }

  async function allRows(name: string): Promise<string[]> {
    const count = await countOf(`public.${name}`);
    return count === 0 ? [] : [`1 ${count}`];
  }

  const named = cutTables('"C"').map(({name, why}) => [name, why] as const);

  test.skipIf(!isThere || release === '15').each(named)('%s: %s', async (name) => {
    const one = known.get(name) ?? table('public.none', 1);
    const cuts = cutsOf(one);
    expect(cuts.length === 0).toBe(['unknown', 'empty'].includes(name));
    for (const cut of cuts) expect(await timesIn(name, rangesOf(cut))).toEqual(await allRows(name));
    // That each lane asks so lets the ranges be what they are.
    const asked = cuts.flatMap((cut) => rangesOf(cut).map((range) => mustBeInOrder(one.relation, range)));
    await server.sql(asked.join(''));
  });

  test.skipIf(!isThere || release === '15')(
    'about equally many rows are in each, where the statistics are of the rows',
    async () => {
      for (const name of ['skewed', 'sparse', 'random', 'leading', 'numbers', 'hostile']) {
        const cut = cutsOf(known.get(name) ?? table('public.none', 1)).at(WANTED.indexOf(8));
        const counts: number[] = [];
        for (const range of rangesOf(cut ?? {key: [], bounds: []}))
          counts.push(await countOf(`public.${name} WHERE ${conditionOf(range) ?? ''}`));
        expect.soft(counts.length, name).toBeGreaterThanOrEqual(7);
        expect.soft(counts.length, name).toBeLessThanOrEqual(9);
        expect.soft(Math.max(...counts), `${name}: ${counts.join(' ')}`).toBeLessThan((2 * 2000) / 8);
      }
    },
  );

  test.skipIf(!isThere || release === '15')('an index serves each range, whatever the planner expects', async () => {
    for (const [name, one] of known) {
      const [cut] = cutsOf(one).slice(-1);
      if (cut === undefined) continue;
      const ranges = rangesOf(cut);
      const columns = [cut.key[0]?.name ?? ''];
      const scripts = ranges.map((range) =>
        copyOutScript(session.version, {
          tables: [{...one.relation, columns, sequences: []}],
          part: range,
          freeze: false,
          counted: false,
        }),
      );
      const settings = scripts[0]?.split('\n').filter((line) => line.startsWith('SET ')) ?? [];
      const explained = scripts.map((script) => `EXPLAIN ${/^COPY \((.*)\) TO STDOUT;$/ms.exec(script)?.[1] ?? ''};`);
      const plans = (await server.sql([...settings, ...explained].join('\n'))).flat().join('\n');
      expect(plans.split('Index Cond').length - 1, name).toBeGreaterThanOrEqual(ranges.length);
      expect(plans, name).not.toContain('Seq Scan');
    }
  });

  test.skipIf(!isThere || release === '15')(
    'any bounds that the server puts in order are a cut; others end the lane before its first row',
    async () => {
      const one = known.get('numbers') ?? table('public.none', 1);
      const key = [{name: 'id', type: 'numeric'}] as const;
      const value = fc.oneof(
        fc.bigInt({min: -(10n ** 22n), max: 10n ** 22n}).map(String),
        fc.constantFrom('NaN', '0', '0.0', '-1e30', '1e-20'),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(value, {minLength: 2, maxLength: 12}), async (values) => {
          const places = await session.run(sortKeyValues({type: 'numeric', collation: null}, values));
          const bounds: KeyBound[] = places.map(({place}) => [values[place - 1] ?? '']);
          expect(await timesIn('numbers', rangesOf({key, bounds}))).toEqual(await allRows('numbers'));
          const ordered = rangesOf({key, bounds}).map((range) => mustBeInOrder(one.relation, range));
          await server.sql(ordered.join(''));
          if (bounds.length < 2) return;
          const turned = rangesOf({key, bounds: bounds.toReversed()}).map((range) =>
            mustBeInOrder(one.relation, range),
          );
          await expect(server.sql(turned.join(''))).rejects.toThrow('not in the order of this server');
        }),
        RUNS,
      );
    },
  );

  test.skipIf(!isThere || release === '15')('bounds are compared as the column compares them', async () => {
    const one = known.get('hostile') ?? table('public.none', 1);
    const [[ordered = ''] = []] = await server.sql(
      `SELECT (SELECT 'B' < coalesce('a', (SELECT id FROM public.hostile LIMIT 0)))`,
    );
    const range: KeyRange = {key: [{name: 'id', type: 'text'}], from: ['B'], to: ['a']};
    const told = await server.sql(mustBeInOrder(one.relation, range)).then(
      () => 't',
      (error: unknown) => (String(error).includes('not in the order') ? 'f' : String(error)),
    );
    // By bytes B comes before a; by the words of a language after it.
    expect(told).toBe(ordered);
  });

  test.skipIf(!isThere)('by pages, whatever their number is said to be', async () => {
    for (const {name} of tables) {
      const [[pages = '0'] = []] = await server.sql(
        `SELECT pg_relation_size(${quoteLiteral(quoteRelation({schema: 'public', name}))}) / 8192`,
      );
      for (const said of [Number(pages), 1, 3, 500])
        expect(await timesIn(name, cutPages(said, 7))).toEqual(await allRows(name));
    }
  });
});
