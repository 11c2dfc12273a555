import {mutationsOf, type Mutation} from '../mutation.ts';

const SECRET = [
  'test/config/guards-secrets.test.ts',
  'test/config/conninfo/conninfo.test.ts',
  'test/config/load.test.ts',
];
const LANE_ENV = ['test/engine/load/host/guards-lane-folder.test.ts'];
const COMMAND = ['test/probes/watch/run-command.test.ts'];

/** Where passwords may be, and that both kinds of connection mean the same server. */
export const SECRETS: readonly Mutation[] = [
  ...mutationsOf(
    'src/config/secret.ts',
    SECRET,
    [
      'a secret prints itself',
      '  toString(): string {\n    return MASK;',
      '  toString(): string {\n    return this.#value;',
    ],
    ['a secret is in JSON', '  toJSON(): string {\n    return MASK;', '  toJSON(): string {\n    return this.#value;'],
    [
      'a secret is in what is inspected',
      '[inspect.custom](): string {\n    return MASK;',
      '[inspect.custom](): string {\n    return this.#value;',
    ],
  ),
  ...mutationsOf(
    'src/config/conninfo/resolve-conninfo.ts',
    SECRET,
    [
      'the password is among the parameters',
      'const {password: inline, service: _, ...params} = full;',
      "const {service: _, ...params} = full;\n  const inline = full['password'];",
    ],
    [
      'the environment goes before what is written',
      '{...fromEnvironment(around), ...named, ...written}',
      '{...named, ...written, ...fromEnvironment(around)}',
    ],
    [
      'the environment goes before the service file',
      '{...fromEnvironment(around), ...named, ...written}',
      '{...named, ...fromEnvironment(around), ...written}',
    ],
    ['pgpass is not looked into', "known === '' ? findPassword(params, around) : known", 'known'],
    ['a dead peer is not noticed', '    ...KEEPALIVES,\n', ''],
    [
      'the operator’s keepalives do not count',
      '    ...KEEPALIVES,\n    ...defaults,\n    ...given,\n',
      '    ...defaults,\n    ...given,\n    ...KEEPALIVES,\n',
    ],
    ['what no connection can keep is accepted', 'params: checkParams(params),', 'params,'],
    ['an empty PGPASSWORD is a password', "password === null || password === '' ? null", 'password === null ? null'],
  ),
  ...mutationsOf(
    'src/config/conninfo/service-file.ts',
    ['test/config/bad-inputs/bad-inputs.test.ts'],
    ['a broken line of a service file means this machine', '  if (at <= 0) throw', '  if (at > 999) throw'],
    ['a service that names another one means this machine', "if (key === 'service') throw", "if (key === '') throw"],
  ),
  ...mutationsOf(
    'src/config/conninfo/check-params.ts',
    ['test/config/bad-inputs/bad-inputs.test.ts'],
    ['several hosts come from the environment', 'timeout} = mustBeOneHost(params);', 'timeout} = params;'],
  ),
  ...mutationsOf(
    'src/config/contradictions.ts',
    ['test/config/bad-inputs/bad-inputs.test.ts'],
    [
      'control characters reach servers and programs',
      '  if (found === undefined) return [];',
      '  if (keys.length > 0) return [];',
    ],
  ),
  ...mutationsOf(
    'src/config/conninfo/pgpass.ts',
    SECRET,
    [
      'a pgpass that others may read is believed',
      'if (text === null || isOpenToOthers(path)) return null;',
      'if (text === null) return null;',
    ],
    ['the password of another user is taken', "['port', 'dbname', 'user'].map", "['port', 'dbname'].map"],
    [
      'the password of another database is taken',
      "['port', 'dbname', 'user'].map((key) => [params[key] ?? ''])",
      "['port', 'dbname', 'user'].map((key) => [key === 'dbname' ? '*' : (params[key] ?? ''), ...(key === 'dbname' ? ['other', 'app', 'none', 'd'] : [])])",
    ],
    ['an escaped colon ends a field', '(?:[^:\\\\]|\\\\.)*', '(?:[^:])*'],
    [
      'a comment is a line',
      "if (line === '' || line.startsWith('#')) continue;",
      "if (line === '') continue;",
      'a comment has no five fields that fit',
    ],
  ),
  ...mutationsOf(
    'src/config/conninfo/surroundings.ts',
    SECRET,
    ['a file that the group may read is closed', '.mode & 0o077) !== 0', '.mode & 0o007) !== 0'],
    ['a file that all may read is closed', '.mode & 0o077) !== 0', '.mode & 0o070) !== 0'],
  ),
  ...mutationsOf(
    'src/config/conninfo/conninfo.ts',
    SECRET,
    ['a quote in a value ends it', "`'${value.replaceAll(/['\\\\]/g, String.raw`\\$&`)}'`", "`'${value}'`"],
    [
      'a name is longer than a server keeps',
      'application_name: applicationName.slice(0, NAME_BYTES),',
      'application_name: applicationName,',
    ],
    ['the tools speak another encoding', 'client_encoding: encoding', "client_encoding: 'LATIN1'"],
    ['a hostile host reaches the terminal', 'return printable(`${host}', 'return (`${host}'],
  ),
  ...mutationsOf(
    'src/config/conninfo/conninfo-pg.ts',
    SECRET,
    [
      'our connections go to another host',
      "params['hostaddr'] ?? params['host'] ?? ''",
      "params['host'] ?? params['hostaddr'] ?? ''",
    ],
    [
      'our connections have other settings',
      "    ...(params['options'] === undefined ? {} : {options: params['options']}),\n",
      '',
    ],
    ['our connections have no password', '    ...(password === null ? {} : {password: password.reveal()}),\n', ''],
    ['our connections keep no peer alive', "params['keepalives'] !== '0'", "params['keepalives'] === '0'"],
    ['our connections wait for ever', "Number(params['connect_timeout'] ?? CONNECT_TIMEOUT_S) * 1000", '0'],
  ),
  ...mutationsOf(
    'src/config/conninfo/tls.ts',
    SECRET,
    [
      'sslmode=require falls back to no encryption',
      "    case 'verify-full':\n      return [encrypted(params)];",
      "    case 'verify-full':\n      return [encrypted(params), false];",
    ],
    [
      'verify-ca verifies nothing',
      "rejectUnauthorized: ca !== null || mode.startsWith('verify-')",
      'rejectUnauthorized: ca !== null',
    ],
  ),
  ...mutationsOf('src/config/load.ts', SECRET, [
    'a password in the file is accepted',
    "if (parseConninfo(file[role])['password'] !== undefined) {",
    "if (parseConninfo(file[role])['passwd'] !== undefined) {",
  ]),
  ...mutationsOf(
    'src/config/conninfo/parse-conninfo.ts',
    SECRET,
    ['several hosts are accepted', "['host', 'hostaddr', 'port'].some(", "['port'].some("],
    [
      'the rest of a password is repeated',
      "params['password'] === undefined\n        ?",
      "params['password'] !== ''\n        ?",
    ],
    [
      'an unknown parameter is passed over',
      '    if (KEYWORDS.has(key)) continue;\n',
      '    if (KEYWORDS.has(key) || key.length > 4) continue;\n',
    ],
  ),
  ...mutationsOf(
    'src/domain/base/printable.ts',
    SECRET,
    ['escape sequences reach the terminal', '/[\\u0000-\\u001f', '/[\\u0000-\\u001a\\u001c-\\u001f'],
    ['C1 controls reach the terminal', '\\u007f-\\u009f', '\\u007f'],
    ['text may be turned round', '\\u202a-\\u202e', ''],
  ),
  ...mutationsOf(
    'src/pg/session/statement.ts',
    [...SECRET, 'test/pg/session/statement.test.ts'],
    ['a secret is in what is shown', '  if (statement.shown !== undefined) return statement.shown;\n', ''],
    ['a parameter in a quoted name is filled in', '/"(?:[^"]|"")*"|', '/'],
  ),
  ...mutationsOf(
    'src/engine/tools/run-tool.ts',
    LANE_ENV,
    ['the shell’s PGPASSWORD reaches a tool', 'env: {...withoutPostgres(ctx.env),', 'env: {...ctx.env,'],
    ['a tool has no password', '...(password === undefined ? {} : {PGPASSWORD: password})', ''],
    ['a tool that failed has done its work', 'if (!result.failed) return {stdout', 'return {stdout'],
  ),
  ...mutationsOf(
    'src/probes/watch/run-command.ts',
    COMMAND,
    ['an operator’s script is told passwords', ' || /PASSWORD/.test(name) ?', ' ?'],
    [
      'a script is over only once its children have closed its output',
      "child.on('exit', resolve);",
      "child.on('close', resolve);",
    ],
    [
      'what a script leaves behind is ended by what it prints',
      '  stream.resume();\n',
      '  (stream as Socket).destroy();\n',
    ],
    ['a script that hangs hangs us', '    end();\n  }, options.timeoutMs);', '  }, options.timeoutMs);'],
  ),
  ...mutationsOf(
    'src/cli/run/hide-rows.ts',
    ['test/cli/run/hide-rows.test.ts'],
    ['the row of a CONTEXT is shown', "? words : `${copy[1] ?? ''}: ${HIDDEN}`;", '? words : words;'],
    ['a key is shown', "return `${key[1] ?? ''}(…)${key[2] ?? ''} ${HIDDEN}`;", 'return words;'],
    ['a failing row is shown', "return sqlstate === '' || mayQuoteRows(sqlstate) ? HIDDEN : words;", 'return words;'],
    ['what a function raises is shown', "if (!sqlstate.startsWith('22')) return", "if (sqlstate === 'none') return"],
    [
      'a value with two lines shows its second',
      "if (kind === '') return hides ? null : line;",
      "if (kind === '') return line;",
    ],
  ),
  ...mutationsOf(
    'src/config/explain-issue.ts',
    ['test/config/bad-inputs/bad-inputs.test.ts'],
    ['a command with its token is repeated', "['command', 'node_dsn', 'dsn']", "['node_dsn', 'dsn']"],
  ),
  ...mutationsOf(
    'src/config/conninfo/parse-conninfo.ts',
    ['test/config/bad-inputs/bad-inputs.test.ts'],
    ['a key that libpq does not know is taken', 'if (KEYWORDS.has(key)) continue;', 'continue;'],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/check-versions.ts',
    ['test/engine/preflight/jump-box.test.ts'],
    ['two databases of one server are one', ' || source.database !== target.database', ''],
    ['the server that was started at another time is the same', 'source.started !== target.started || ', ''],
  ),
  ...mutationsOf(
    'src/cli/supervisor/lock-holder.ts',
    ['test/cli/supervisor/busy.test.ts'],
    ['a supervisor that is stopped works', "?.state === 'T'", "?.state === 'none'"],
    ['who waits for the lock has it', ").includes('FLOCK')", ").includes('')"],
  ),
];
