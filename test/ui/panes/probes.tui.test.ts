import {expect, test} from 'vitest';
import {consoleOnScreen} from '../console/console-on-screen.ts';
import {NOW} from '../fixtures/acme-run.ts';

test('6 shows every probe with the age of its newest reading, a failing one first and with its reason', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.say({
    type: 'reading',
    reading: {at: new Date(NOW + 500).toISOString(), probe: 'failed', of: 'wal:replica', message: 'permission denied'},
  });
  console.pass(20_000);
  console.type('6');
  const screen = await console.waitFor('▶ 6 Probes');
  expect(screen).toMatch(/▌✗ wal:replica +never +permi/);
  expect(screen).toMatch(/✓ disk:source +2\d s ago/);
  expect(screen).not.toContain('4 WAL and disks');
  console.type('z');
  await console.waitFor(/▌✗ replica +wal:replica +never +permission denied/);
  console.type('z\r');
  await console.waitFor(/last read +never/);
  console.type('\u001b');
  await console.waitFor('▶ 6 Probes');
  console.type('2');
  await console.waitFor('4 WAL and disks');
});

test('the probes are ordered by age, and searched', async () => {
  const console = await consoleOnScreen({columns: 120, rows: 40});
  console.type('6o');
  await console.waitFor('probes by age');
  console.type('/target\r');
  expect(await console.waitFor('filter target')).not.toMatch(/slots +\d+ s ago/);
});
