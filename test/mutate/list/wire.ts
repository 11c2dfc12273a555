import {mutationsOf, type Mutation} from '../mutation.ts';

const WIRE_TESTS = ['test/engine/wire/guards-wire.test.ts'];
/** Some of these wait for a silence of ten seconds. */
const SLOW = ['test/engine/wire/wire.test.ts'];

/** The supervisor’s socket: who is heard, and how far. */
export const WIRE: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/wire/server.ts',
    WIRE_TESTS,
    [
      'the protocol’s version is not compared',
      'if (version !== null && version !== PROTOCOL) {',
      'if (version === -1) {',
    ],
    ['an older client is heard', 'version !== PROTOCOL) {', 'version > PROTOCOL) {'],
    ['a read-only client may order', 'const reply = peer.readOnly\n', 'const reply = peer.who === null\n'],
    ['everybody is read-only', '  peer.readOnly = message.readOnly;\n', ''],
    [
      'orders are taken from anybody',
      "if (peer.who === null) return refuse(peer, 'the first message must be attach', OTHER_VERSION);",
      '',
    ],
    ['others may talk to the supervisor', '  await chmod(path, 0o600);\n', ''],
    [
      'a message with more in it is understood',
      '  if (!parsed.success) {\n',
      '  if (!parsed.success && parsed.data === null) {\n',
    ],
    [
      'a refused client stays',
      "  push(socket, encode(host, {type: 'refused', message, remedy}));\n  socket.destroySoon();",
      "  push(socket, encode(host, {type: 'refused', message, remedy}));",
    ],
    [
      'who has not attached hears everything',
      'const peer: Peer = {socket, host, attached, who: null, readOnly: true};',
      'const peer: Peer = {socket, host, attached, who: null, readOnly: true};\n  attached.set(socket, 1_000_000);',
    ],
    [
      'a client that has gone is kept',
      "  socket.on('close', () => attached.delete(socket));\n",
      '',
      'nothing is written to a socket that is destroyed; the list only grows',
    ],
  ),
  ...mutationsOf(
    'src/engine/wire/client.ts',
    WIRE_TESTS,
    [
      'an order that nobody heard counts as refused',
      'return reply === NO_CONNECTION || reply === NO_ANSWER;',
      'return reply === NO_ANSWER;',
    ],
    [
      'what a supervisor refused is not told',
      "if (message.type === 'refused') refusal =",
      "if (message.type === 'hello') refusal =",
    ],
    [
      'an order waits for ever once the connection is lost',
      '        mailbox.giveUp();\n',
      '',
      'the answer comes a minute later, which no test waits for',
    ],
  ),
  ...mutationsOf(
    'src/engine/wire/lines.ts',
    WIRE_TESTS,
    ['the beginning of a line is lost', 'begun = [rest];', 'begun = [];'],
    ['empty lines are messages', ".filter((line) => line !== '')", ''],
  ),
  ...mutationsOf(
    'src/engine/wire/protocol.ts',
    WIRE_TESTS,
    [
      'a release needs no name',
      "type: z.literal('release'),\n    typed: z.string().max(200),",
      "type: z.literal('release'),\n    typed: z.string().max(200).default('acme'),",
    ],
    ['a word is taken for a step that there is not', 'step: z.enum(STEP_IDS)', 'step: z.string()'],
  ),
  ...mutationsOf('src/engine/wire/probe-socket.ts', WIRE_TESTS, [
    'nobody listens, and that is not seen',
    "socket.once('error', () => resolve(false));",
    "socket.once('error', () => resolve(true));",
  ]),
  ...mutationsOf(
    'src/engine/wire/server.ts',
    SLOW,
    [
      'a client that does not read holds everybody up',
      'if (socket.writableLength > behind) socket.destroy();\n  else socket.write(line);',
      'socket.write(line);',
    ],
    [
      'a supervisor that lives does not say so',
      "const beating = setInterval(() => broadcast({type: 'beat'}), BEAT_MS);",
      'const beating = setInterval(() => undefined, BEAT_MS);',
    ],
  ),
  ...mutationsOf(
    'src/engine/wire/client.ts',
    SLOW,
    [
      'a supervisor that hangs is not noticed',
      '        socket.destroy();\n      }\n    });\n  }, SILENCE_MS);',
      '      }\n    });\n  }, SILENCE_MS);',
    ],
    [
      'nonsense ends the client',
      '    return error instanceof Error ? error : new Error(String(error));',
      '    throw error;',
    ],
  ),
  ...mutationsOf('src/engine/wire/lines.ts', SLOW, [
    'a line without an end fills the memory',
    "if (length > longest) throw new Error('a message without an end');",
    '',
  ]),
];
