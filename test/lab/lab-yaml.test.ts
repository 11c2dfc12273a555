import {expect, test} from 'vitest';
import {parseConfig} from '../../src/config/load.ts';
import {formatLabYaml} from '../../src/lab/lab-yaml.ts';

test("the lab's longhaul.yaml is a configuration that Longhaul takes", () => {
  const ports = {source: 24_117, replica: 24_118, target: 24_119};
  const text = formatLabYaml({
    folder: '/tmp/l',
    run: 'rehearsal',
    ports,
    toolsFolder: '/usr/bin',
    confirm: 'never',
    engine: 'dms',
    dmsPort: 24_120,
  });
  const config = parseConfig(text, '/tmp/l/longhaul.yaml', {
    env: {},
    home: '/nowhere',
    user: 'ana',
    readFile: () => null,
    isOpenToOthers: () => false,
  });
  expect(config).toMatchObject({
    run: 'rehearsal',
    runDirectory: '/tmp/l/run',
    confirm: 'never',
    servers: {target: {params: {host: '127.0.0.1', port: '24119', dbname: 'app', passfile: '/tmp/l/pgpass'}}},
  });
  expect(config.disks.replica.command?.at(-1)).toBe('/tmp/l');
});
