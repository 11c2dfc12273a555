import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {createInPassing} from '../../../src/engine/run/serve/in-passing.ts';

describe('what is done beside the walk', () => {
  test('has ended before something else is walked, which does not wait for its end', async () => {
    const said: string[] = [];
    const inPassing = createInPassing(() => undefined);
    inPassing.begin(async (signal) => {
      while (!signal.aborted) await turn();
      said.push('ended');
    });
    await turn();
    expect(said).toEqual([]);
    await inPassing.end();
    said.push('next');
    expect(said).toEqual(['ended', 'next']);
  });

  test('keeps nobody from the next walk by an error of its own', async () => {
    const complaints: unknown[] = [];
    const inPassing = createInPassing((error) => complaints.push(error));
    const error = new Error('no lock');
    inPassing.begin(async () => {
      throw error;
    });
    await inPassing.end();
    expect(complaints).toEqual([error]);
  });
});
