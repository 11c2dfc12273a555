import {expect, test} from 'vitest';
import {busyJournal, busyReadings, FACTS, USUAL} from '../../../bench/console/busy-run.ts';
import {reduceAll} from '../../../src/domain/run/reduce.ts';
import {consoleOnScreen} from './console-on-screen.ts';
import {NOW} from '../fixtures/acme-run.ts';

test.each([
  [80, 24],
  [160, 50],
  [200, 45],
  [300, 45],
])('twenty lanes and fifty slots stay within reach at %ix%i', async (columns, rows) => {
  const console = await consoleOnScreen({columns, rows, silent: true});
  console.say({type: 'hello', protocol: 2, pid: 1, facts: FACTS});
  const state = reduceAll(busyJournal(USUAL, false, NOW));
  console.say({type: 'snapshot', state, events: [], readings: busyReadings(3, NOW, state)});
  await console.waitFor('50 by retained');
  for (const key of ['', 'z']) {
    console.type(key);
    await console.waitFor('2 Lanes');
    console.type('g');
    // Every lane comes under the cursor, and so does the queue.
    for (let lane = 0; lane < 22; lane += 1) {
      expect(await console.waitFor(new RegExp(`(▌. |┌▶ )table_${lane} `))).toContain('bench');
      console.type('j');
    }
  }
  console.type('z3G');
  await console.waitFor(/▌.{1,3}dms_slot_0/);
});
