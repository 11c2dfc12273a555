import type {DatabaseMigrationService} from '@aws-sdk/client-database-migration-service';
import type {DmsConfig} from '../../../../config/keys/dms.ts';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {printable} from '../../../../domain/base/printable.ts';

const PACKAGE = '@aws-sdk/client-database-migration-service';

/** AWS's own client, with the operations of DMS as methods. */
export type DmsClient = DatabaseMigrationService;

/**
 * Calls DMS: gives what the work gives, and throws a LonghaulError with the remedy where AWS refuses or does not answer. The client is loaded here, and only here: it takes a
 * second and 70 MB, which no other engine pays.
 */
export async function withDms<T>(dms: DmsConfig, work: (client: DmsClient) => Promise<T>): Promise<T> {
  const client = await openClient(dms);
  try {
    return await work(client);
  } catch (error) {
    throw asLonghaul(error);
  } finally {
    client.destroy();
  }
}

async function openClient(dms: DmsConfig): Promise<DmsClient> {
  const sdk = await load();
  const {endpointUrl} = dms;
  const isOfLab = endpointUrl !== null && isOnThisMachine(endpointUrl);
  return new sdk.DatabaseMigrationService({
    region: regionOf(dms),
    ...(endpointUrl === null ? {} : {endpoint: endpointUrl}),
    // The stand-in asks nobody who they are; no key of the operator's is sent to what listens on a port of this machine.
    ...(isOfLab ? {credentials: {accessKeyId: 'lab', secretAccessKey: 'lab'}} : {}),
    maxAttempts: 3,
    requestHandler: {connectionTimeout: 5000, requestTimeout: 20_000},
  });
}

/** The region of the calls: where the replication instance is, if nothing else is said. Pure. */
export function regionOf({region, instance}: Pick<DmsConfig, 'region' | 'instance'>): string {
  return region ?? instance.split(':')[3] ?? '';
}

function isOnThisMachine(url: string): boolean {
  const {protocol, hostname} = new URL(url);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

async function load() {
  try {
    return await import('@aws-sdk/client-database-migration-service');
  } catch (error) {
    throw new LonghaulError({
      code: 'failed',
      message: `AWS's client for DMS cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      remedy: `in Longhaul's own folder: npm install --no-save ${PACKAGE}; or cdc.dms.mode: files in longhaul.yaml, which calls nobody`,
      cause: error,
    });
  }
}

/** Whether AWS says that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return nameOf(error) === 'ResourceNotFoundFault';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** What AWS, or its client, has refused, with what to do. */
function asLonghaul(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LonghaulError) return error;
  const isFault = '$fault' in error;
  const known = REMEDIES[error.name];
  if (!isFault && known === undefined && !isOfNetwork(error)) return error;
  return new LonghaulError({
    code: isFault || known !== undefined ? 'failed' : 'unreachable',
    message: `DMS: ${error.name}: ${printable(error.message)}`,
    remedy: known ?? (isFault ? FAULT : NETWORK),
    cause: error,
  });
}

function isOfNetwork(error: Error): boolean {
  return ('code' in error && typeof error.code === 'string') || error.name === 'TimeoutError';
}

const CREDENTIALS =
  'aws sts get-caller-identity must work on this machine, by AWS_PROFILE, AWS_ACCESS_KEY_ID or the role of the instance; or cdc.dms.mode: files in longhaul.yaml';
const RIGHTS =
  'the identity that aws sts get-caller-identity shows needs the actions of examples/grants/dms-policy.json; or cdc.dms.mode: files in longhaul.yaml';
const FAULT = 'see the message, and the resource in the console of DMS; then give the command again';
const NETWORK =
  'see that this machine reaches the API of DMS: cdc.dms.region and cdc.dms.endpoint_url, a proxy, a VPC endpoint';

const REMEDIES: Readonly<Record<string, string>> = {
  CredentialsProviderError: CREDENTIALS,
  ExpiredTokenException: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  AccessDeniedFault: RIGHTS,
  AccessDeniedException: RIGHTS,
};
