import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../src/domain/base/longhaul-error.ts';
import {exampleOf, keysAt} from '../../src/config/example.ts';
import {parseConfig} from '../../src/config/load.ts';

const around = {env: {}, home: '/home/ana', user: 'ana', readFile: () => null, isOpenToOthers: () => false};
const SERVERS = {run: 'acme', source: 'host=a', replica: 'host=b', target: 'host=c'};

/** Every key with its path: `load`, `load.lanes`, `disks.source.volume`. */
function everyKey(above: readonly string[] = []): string[][] {
  return keysAt(above).flatMap((key) => [[...above, key], ...everyKey([...above, key])]);
}

/** Empty where the text is taken; throws what is no LonghaulError. */
function refusalOf(text: string): string {
  try {
    parseConfig(text, 'longhaul.yaml', around);
    return '';
  } catch (error) {
    if (error instanceof LonghaulError) return error.message;
    throw error;
  }
}

const VALUES = [7, -1.5, '', 'some words', true, null, [], [7], [[]], {}, {a: {b: 1}}, 'x'.repeat(5000)];

describe('whatever is written at whatever key', () => {
  test.each(everyKey().map((keys) => keys.join('.')))('%s: it is taken, or refused in plain words', (name) => {
    const keys = name.split('.');
    for (const value of VALUES) {
      const inner = keys.reduceRight<unknown>((content, key) => ({[key]: content}), value);
      const told = refusalOf(JSON.stringify(Object.assign({}, SERVERS, inner)));
      expect(told).not.toMatch(/expected|received|Invalid|Too (small|big)|something else|undefined|NaN|\[object/);
      expect(told).toContain(told === '' ? '' : keys[0]);
      expect(told.length).toBeLessThan(1200);
    }
  });

  test('the example of a key is one that is taken', () => {
    for (const keys of everyKey().filter((one) => one.length <= 2)) {
      const shown = exampleOf(keys);
      expect(shown, keys.join('.')).not.toBeNull();
      const [first = '', second] = keys;
      const line = second === undefined ? `${first}: ${shown}\n` : `${first}: {${second}: ${shown}}\n`;
      const rest = Object.entries(SERVERS).filter(([key]) => key !== first);
      expect(refusalOf(line + rest.map(([key, value]) => `${key}: ${value}\n`).join('')), line).toBe('');
    }
  });
});
