import type {Action} from '../../../action.ts';
import {shellQuote} from '../../../tools/shell-quote.ts';
import {regionOf, withDms, type DmsClient} from './client.ts';
import type {OfRun} from './read-tasks.ts';

/** An operation of DMS as the AWS CLI calls it: `create-endpoint`, with its request, in which no secret is. */
export interface Call {
  readonly command: string;
  readonly request: object;
}

/** The command line that makes a call, for people and for files. Pure. */
export function commandLine({dms}: Pick<OfRun, 'dms'>, {command, request}: Call): string {
  const endpoint = dms.endpointUrl === null ? '' : ` --endpoint-url ${shellQuote(dms.endpointUrl)}`;
  return `aws dms ${command} --region ${regionOf(dms)}${endpoint} --cli-input-json ${shellQuote(JSON.stringify(request))}`;
}

/** The action that makes a call; what is shown is the command line that would do the same. */
export function callAction(of: OfRun, call: Call, execute: (client: DmsClient) => Promise<void>): Action {
  return {
    on: 'jump box',
    text: commandLine(of, call),
    execute: async () => withDms(of.dms, execute),
  };
}
