import type {TraceEvent} from '../../domain/base/trace.ts';
import type {ClientMessage, ServerMessage} from './protocol.ts';

/** A message of the socket as the trace has it: what it is and how large, never what a log or a snapshot holds. Pure. */
export function describeMessage(
  direction: 'in' | 'out',
  message: ClientMessage | ServerMessage,
  bytes: number,
): TraceEvent & {trace: 'wire'} {
  return {trace: 'wire', direction, type: message.type, bytes, facts: factsOf(message)};
}

function factsOf(message: ClientMessage | ServerMessage): Readonly<Record<string, unknown>> {
  switch (message.type) {
    case 'attach':
      return {protocol: message.protocol, who: message.who, readOnly: message.readOnly};
    case 'command':
    case 'plan':
      return {id: message.id, command: message.command};
    case 'read-log':
      return {id: message.id, unit: message.unit, from: message.from};
    case 'hello':
      return {protocol: message.protocol};
    case 'event':
      return {seq: message.entry.seq, event: message.entry.type};
    case 'reading':
      return {probe: message.reading.probe};
    case 'reply':
      return {id: message.id, ok: message.reply.ok};
    case 'planned':
      return {id: message.id, ok: message.planned.ok};
    case 'log':
      return {id: message.id, unit: message.unit, from: message.piece?.from ?? null, end: message.piece?.end ?? null};
    case 'refused':
      return {message: message.message};
    case 'snapshot':
    case 'beat':
      return {};
  }
}
