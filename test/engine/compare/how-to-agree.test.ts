import {expect, test} from 'vitest';
import {howToAgreeAgain} from '../../../src/engine/steps/cdc/compare-again.ts';
import {howToAgree} from '../../../src/engine/steps/load/compare-rows.ts';

const price = {schema: 'public', name: 'goods', column: 'price', expression: 'public.priced(n)', base: 'n'};

test('tables whose rows differ are loaded again, many of them with all others at a new P', () => {
  expect(howToAgree(['public.goods'], [])).toContain('DELETE FROM ONLY public.goods;');
  expect(
    howToAgree(
      Array.from({length: 21}, (_, n) => `public.t${n}`),
      [],
    ),
  ).toContain('--from pause-replay');
});

test('a generated column whose function was replaced is not loaded again, which would change nothing, but computed anew on the source', () => {
  const remedy = howToAgree(['public.goods'], [price]);
  expect(remedy).not.toContain('pg_dump');
  expect(remedy).toMatch(
    /price of public\.goods; on the source \(.*\): UPDATE ONLY "public"\."goods" SET "n" = "n" WHERE \("price"\)::text IS DISTINCT FROM \(public\.priced\(n\)\)::text; on the replica, as superuser .*: SELECT pg_wal_replay_resume\(\); then longhaul run --from pause-replay takes a new P/,
  );
});

test('while change capture runs it comes to the target by itself, and no row is mended there', () => {
  expect(howToAgreeAgain([])).toContain('mend these rows on the target');
  expect(howToAgreeAgain([price])).toMatch(
    /on the source \(.*\): UPDATE ONLY .*; it comes to the target by itself: longhaul compare --again/,
  );
  expect(howToAgreeAgain([price])).not.toContain('mend these rows');
});
