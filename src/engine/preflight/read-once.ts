import type {ServerRole} from '../../domain/pg/server-role.ts';
import {renderStatement, type Statement} from '../../pg/session/statement.ts';
import type {StepContext} from '../step.ts';

/**
 * What preflight's checks read with. `once` gives what several checks ask of a catalog from one answer of the server, so that they judge one
 * state of it, and a database of 20,000 tables is read once. Not for what decides about rows: proof and memberships are read afresh.
 */
export interface PreflightContext extends StepContext {
  readonly once: <Row>(server: ServerRole, statement: Statement<Row>) => Promise<readonly Row[]>;
}

/** A context for the checks of one preflight; the next has its own. */
export function withOnce(ctx: StepContext): PreflightContext {
  const answers = new Map<string, Promise<readonly unknown[]>>();

  async function once<Row>(server: ServerRole, statement: Statement<Row>): Promise<readonly Row[]> {
    const question = `${server} ${renderStatement(statement)}`;
    const answer = answers.get(question) ?? ctx.session(server).then(async (session) => session.run(statement));
    answers.set(question, answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same question has the same shape of rows
    return answer as Promise<readonly Row[]>;
  }

  return {...ctx, once};
}
