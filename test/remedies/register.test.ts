import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {OLD_SITUATIONS} from '../engine/remedies/old-table.ts';
import {SITUATIONS} from '../engine/remedies/table.ts';
import {REMEDIES} from './register.ts';
import {remediesInSource} from './words-in-source.ts';

const ROOT = join(import.meta.dirname, '../..');

const keyOf = ({file, words}: {readonly file: string; readonly words: string}): string => `${file}: ${words}`;

describe('the register of remedies', () => {
  test('has every remedy of the sources with its words, and none that is no longer there', () => {
    const inSource = remediesInSource().map(keyOf);
    expect(inSource.length).toBeGreaterThan(300);
    expect(REMEDIES.map(keyOf).toSorted()).toEqual(inSource.toSorted());
  });

  test('sees what is a remedy in whatever way it is written', () => {
    const seen = new Set(remediesInSource().map(keyOf));
    for (const one of [
      // A property, a finding’s argument, a parameter that is called remedy; a constant, a template in a template, a function’s switch.
      'probes/judge/run-alarms.ts: COMMIT PREPARED or ROLLBACK PREPARED',
      'engine/preflight/servers/check-versions.ts: `source` in longhaul.yaml must name the primary',
      'domain/rules/why-refused.ts: longhaul status lists the units',
      'engine/wire/client.ts: longhaul run, in another window, starts a supervisor',
      'domain/reading/slots-away.ts: if change capture reads it: longhaul cdc-started --yes …; if not, …',
      'probes/judge/filling/disk-alarms.ts: make room on the replica',
      'pg/session/alter-system.ts: ALTER SYSTEM SET … = …',
    ])
      expect(seen).toContain(one);
  });

  test('names tests that there are', () => {
    const missing = REMEDIES.flatMap(({known}) => {
      if (known.by !== 'test') return [];
      const path = join(ROOT, known.file);
      return existsSync(path) && readFileSync(path, 'utf8').includes(known.title)
        ? []
        : [`${known.file}: ${known.title}`];
    });
    expect([...new Set(missing)]).toEqual([]);
  });

  test('names situations that there are, and every one of them', () => {
    const ids = new Set([...SITUATIONS, ...OLD_SITUATIONS].map(({id}) => id));
    const named = new Set(REMEDIES.flatMap(({known}) => (known.by === 'situations' ? known.ids : [])));
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
    // Said in the middle of what a release did, and no remedy by its name: test/house/remedies.test.ts has it.
    expect([...ids].filter((id) => !named.has(id))).toEqual(['release.NOT_FREED']);
  });

  test('says of each that nobody carries out why not, in a sentence', () => {
    const silent = REMEDIES.filter(({known}) => 'why' in known && known.why.length < 12);
    expect(silent.map(keyOf)).toEqual([]);
  });

  test('has its SQL literally: nothing stands behind a statement but the next piece', () => {
    const broken = REMEDIES.filter(({words}) =>
      /: (?:SELECT|TRUNCATE|DROP|ALTER|GRANT|REVOKE)\b[^;]* on the (?:source|replica|target)\b/.test(words),
    );
    expect(broken.map(keyOf)).toEqual([]);
  });
});
