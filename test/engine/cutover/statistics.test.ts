import {expect, test} from 'vitest';
import type {Config} from '../../../src/config/config.ts';
import {readLackingStatistics} from '../../../src/engine/cutover/rehearsal/statistics.ts';
import type {StepContext} from '../../../src/engine/step.ts';
import type {Session} from '../../../src/pg/session/session.ts';

const orders = {schema: 'public', name: 'orders', kind: 'own'} as const;

/** What lacks statistics where the source has them of these columns, and the target of others. */
async function lacking(source: readonly string[], target: readonly string[], analyzable: readonly string[]) {
  const session = (columns: readonly string[]): Session =>
    ({
      version: 150_000,
      run: async ({text}: {text: string}) => {
        if (text.includes('pg_stats s')) return [{...orders, columns}];
        if (text.includes('attstattarget')) return [{schema: 'public', name: 'orders', columns: analyzable}];
        return text.includes('pg_relation_size') ? [{schema: 'public', name: 'orders'}] : [];
      },
    }) as unknown as Session;
  const ctx = {
    config: {tables: {include: [], exclude: [], includeSchemas: [], excludeSchemas: []}} as unknown as Config,
    session: async (role: string) => session(role === 'source' ? source : target),
  } as unknown as StepContext;
  return (await readLackingStatistics(ctx)).flatMap(({what}) => what);
}

test('a column that the source has statistics of, and the target none, wants ANALYZE: it was added since, say', async () => {
  const all = ['id', 'status', 'words'];
  expect(await lacking(all, ['id', 'words'], all)).toEqual(['status of public.orders']);
  expect(await lacking(all, all, all)).toEqual([]);
});

test('but for one of which ANALYZE leaves none, as its statistics target is 0: that would be told for ever', async () => {
  expect(await lacking(['id', 'words'], ['id'], ['id'])).toEqual([]);
});
