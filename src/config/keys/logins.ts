import {z} from 'zod';
import {ConninfoError, parseConninfo} from '../conninfo/parse-conninfo.ts';

/** Why a conninfo cannot be the way of a login; null where it can. */
function problemOf(text: string): string | null {
  try {
    return parseConninfo(text)['password'] === undefined
      ? null
      : 'holds a password: keep it in ~/.pgpass or a passfile=, or name an environment variable in password_env';
  } catch (error) {
    if (error instanceof ConninfoError) return error.message;
    throw error;
  }
}

const to = z.string().superRefine((text, ctx) => {
  const message = problemOf(text);
  if (message !== null) ctx.addIssue({code: 'custom', message, params: {whole: true}});
});

/** A login of the application by the operator's new way, and the environment variable that has its password; null where psql finds it. */
export const login = z.union(
  [
    to.transform((text) => ({to: text, passwordEnv: null})),
    z
      .strictObject({
        to,
        password_env: z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'),
      })
      .transform((file) => ({to: file.to, passwordEnv: file.password_env})),
  ],
  'must be a conninfo without a password, or {to: …, password_env: …}',
);
