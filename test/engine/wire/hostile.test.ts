import {mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createWireClient, type ClientEvent} from '../../../src/engine/wire/client.ts';
import {lineCutter} from '../../../src/engine/wire/lines.ts';
import {isListening} from '../../../src/engine/wire/probe-socket.ts';
import {clientMessage, PROTOCOL, type ServerMessage} from '../../../src/engine/wire/protocol.ts';
import {startWireServer, type WireServer} from '../../../src/engine/wire/server.ts';
import {eventually} from '../../support/longhaul.ts';

const said = (message: string): ServerMessage => ({type: 'refused', message, remedy: ''});
const asLine = (message: unknown): string => `${JSON.stringify(message)}\n`;
const ATTACH = asLine({type: 'attach', protocol: PROTOCOL, who: 'ana@jump1 (test)', readOnly: false});
const HOLD = asLine({type: 'command', id: 1, command: {type: 'hold'}});

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}\n`;

/** Whether nothing is thrown. */
function isTaken(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

describe('lines', () => {
  test('are the same however a text comes in pieces', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), fc.array(fc.nat(40)), (text, cuts) => {
        const cutter = lineCutter(10_000);
        const pieces = [...cuts, Infinity].reduce<{rest: string; heard: string[]}>(
          ({rest, heard}, cut) => ({rest: rest.slice(cut), heard: [...heard, ...cutter.feed(rest.slice(0, cut))]}),
          {rest: `${text}\n`, heard: []},
        );
        expect(pieces.heard).toEqual(text.split('\n').filter((line) => line !== ''));
      }),
    );
  });

  test('never hold more than the limit and one piece', () => {
    fc.assert(
      fc.property(fc.array(fc.string({maxLength: 30}), {maxLength: 30}), (pieces) => {
        const cutter = lineCutter(50);
        const whole = pieces.map((piece) => piece.replaceAll('\n', ' '));
        expect(isTaken(() => whole.forEach((piece) => cutter.feed(piece)))).toBe(whole.join('').length <= 50);
      }),
    );
  });
});

describe('a peer that says anything at all', () => {
  let folder: string;
  let path: string;
  let server: WireServer;
  let commands: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lh-hostile-'));
    path = join(folder, 's');
    server = await startWireServer(path, {
      hello: () => said('hello'),
      snapshot: () => said('snapshot'),
      command: async (command) => {
        commands.push(command.type);
        return {ok: true, message: 'done'};
      },
      plan: async () => ({ok: true, actions: []}),
      readLog: async () => null,
    });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, {recursive: true, force: true});
  });

  /** Says these bytes and closes; gives what was heard until the other end has closed, too. */
  async function say(bytes: Uint8Array): Promise<string> {
    commands = [];
    const socket: Socket = connect(path);
    let heard = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => (heard += String(chunk)));
    socket.on('error', () => undefined);
    socket.end(bytes);
    await eventually('the end of it', async () => (socket.closed ? true : null));
    return heard;
  }

  const bytes = fc.oneof(
    fc.uint8Array({maxLength: 400}),
    fc.json().map((json) => Buffer.from(`${json}\n`)),
    fc
      .constantFrom('null', '[]', '0', '""', '{"protocol":null}', '{"protocol":{}}', '{"type":"__proto__"}')
      .map((json) => Buffer.from(`${json}\n`)),
    fc.nat(100_000).map((depth) => Buffer.from(deep(depth))),
  );

  test('ends nobody but itself, and nothing of it is done', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (what, attaches) => {
        await say(Buffer.concat([Buffer.from(attaches ? ATTACH : ''), what, Buffer.from('\n')]));
        expect(commands).toEqual([]);
        expect(await isListening(path)).toBe(true);
      }),
      {numRuns: 60},
    );
  });

  test('is heard no further once it was refused, whatever it says after that', async () => {
    await say(Buffer.from(`${ATTACH}{"type":"nonsense"}\n${HOLD}`));
    expect(commands).toEqual([]);
    await say(Buffer.from(`${ATTACH}no json\n${HOLD}`));
    expect(commands).toEqual([]);
    await say(Buffer.from(`${ATTACH}${HOLD}`));
    expect(commands).toEqual(['hold']);
  });

  test('and any object is a message that we know or none', () => {
    fc.assert(
      fc.property(fc.object(), (message) => {
        expect(typeof clientMessage.safeParse(message).success).toBe('boolean');
      }),
    );
  });

  test('is no supervisor either: a client says so and goes on', async () => {
    const answers = [Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('{"type":\n'), Buffer.from(deep(50_000))];
    const hostile = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(answers.shift() ?? Buffer.from('{}\n'));
    });
    const other = join(folder, 'h');
    await new Promise<void>((resolve) => {
      hostile.listen(other, resolve);
    });
    const heard: ClientEvent[] = [];
    const client = createWireClient({path: other, who: 'ana', readOnly: true, now: Date.now});
    client.on((event) => heard.push(event));
    await eventually('three ends', async () => (heard.filter(({type}) => type === 'lost').length >= 3 ? true : null));
    client.close();
    hostile.close();
    expect(heard.filter(({type}) => type === 'connected').length).toBeGreaterThanOrEqual(3);
  });
});
