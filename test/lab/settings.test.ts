import {describe, expect, test} from 'vitest';
import {formatSettings, type SettingsOptions} from '../../src/lab/cluster/settings.ts';

const base: SettingsOptions = {
  port: 24_117,
  socketDir: '/tmp/l/s',
  role: 'source',
  pglogical: true,
  knowsOutputPlugins: true,
};

describe('the settings of a lab server', () => {
  test('allow pglogical as an output plugin only where the server has such a list', () => {
    expect(formatSettings(base)).toContain(
      "output_plugin_libraries = 'pgoutput, test_decoding, pglogical, pglogical_output'\n",
    );
    expect(formatSettings({...base, knowsOutputPlugins: false})).not.toContain('output_plugin_libraries');
  });

  test('never cancel what reads on the replica in favour of replay', () => {
    expect(formatSettings({...base, role: 'replica'})).toContain('max_standby_streaming_delay = -1\n');
  });

  test('leave the target without anything that a managed server would not have', () => {
    const target = formatSettings({...base, role: 'target'});
    expect(target).not.toContain('pglogical');
    expect(target).not.toContain('logical');
  });
});
