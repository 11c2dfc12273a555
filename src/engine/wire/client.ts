import type {Command, Reply} from '../../domain/command.ts';
import type {ServerMessage} from './protocol.ts';

/** What a client hears: the supervisor's messages, and the connection's own coming and going. `at` is the jump box's clock, ISO 8601. */
export type ClientEvent =
  | ServerMessage
  | {readonly type: 'connected'; readonly at: string}
  | {readonly type: 'lost'; readonly at: string; readonly why: string};

/** A connection to the supervisor that comes back by itself. */
export interface WireClient {
  /** Hears everything from now on; gives the function that ends it. */
  on(listener: (event: ClientEvent) => void): () => void;
  /** Resolves with the supervisor's answer; `ok: false` when there is no connection. */
  send(command: Command): Promise<Reply>;
  /** A piece of a unit's log, at most 64 kB from byte `from` (negative: that many bytes before its end); null without a connection. */
  readLog(
    unit: string,
    from: number,
  ): Promise<{readonly from: number; readonly text: string; readonly end: number} | null>;
  close(): void;
}
