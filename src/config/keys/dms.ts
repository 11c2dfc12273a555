import {z} from 'zod';

const ARN_SHAPE = /^arn:[a-z-]+:[a-z]+:[^\s:]*:\d{12}:\S+$/;

const arn = z.string().regex(ARN_SHAPE, 'must be an ARN, arn:aws:service:region:account:…');
/** ARNs by the slots that they belong to. */
const arnOfSlot = z.record(z.string(), arn).default({});

/** AWS DMS by its API, or by files: `cdc.dms` of longhaul.yaml. Passwords are in AWS Secrets Manager, never here. */
export const dms = z
  .strictObject({
    mode: z
      .enum(['api', 'files'], 'must be api or files')
      .default('api')
      .describe('api: Longhaul calls AWS; files: it writes each call and its aws command, for somebody who may'),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region of AWS')
      .optional()
      .meta({
        description: 'The region of the tasks; by default that of the replication instance',
        example: 'eu-central-1',
      }),
    endpoint_url: z
      .url({protocol: /^https?$/, error: 'must be an address with https:// or http://'})
      .optional()
      .meta({
        description:
          "The address of DMS's API, where it is another than the region's: a VPC endpoint, or the lab's stand-in",
        example: 'https://vpce-1-abc.dms.eu-central-1.vpce.amazonaws.com',
      }),
    instance: arn.meta({
      description: 'The replication instance that the tasks run on',
      example: 'arn:aws:dms:eu-central-1:123456789012:rep:ACME',
    }),
    source_secret: z.string().min(1, 'must be the ARN or the name of a secret').optional().meta({
      description: "The secret in AWS Secrets Manager with the source's host, port, username and password",
      example: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:acme-source',
    }),
    target_secret: z.string().min(1, 'must be the ARN or the name of a secret').optional().meta({
      description: "The secret with the target's",
      example: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:acme-target',
    }),
    secret_role: arn.optional().meta({
      description: 'The role by which DMS reads both secrets',
      example: 'arn:aws:iam::123456789012:role/dms-reads-secrets',
    }),
    ssl_mode: z
      .enum(['none', 'require', 'verify-ca', 'verify-full'], 'must be none, require, verify-ca or verify-full')
      .default('require')
      .describe('How DMS connects to both servers'),
    certificate: arn.optional().meta({
      description: 'The certificate, imported into DMS, by which verify-ca and verify-full judge',
      example: 'arn:aws:dms:eu-central-1:123456789012:cert:ACME',
    }),
    source_endpoints: arnOfSlot.meta({
      description: 'Endpoints that are there already, one for each slot; the others are made',
      example: '{dms_slot_01: arn:aws:dms:eu-central-1:123456789012:endpoint:SOURCE1}',
    }),
    target_endpoint: arn.optional().meta({
      description: "The target's endpoint, where one is there already",
      example: 'arn:aws:dms:eu-central-1:123456789012:endpoint:TARGET',
    }),
    tasks: arnOfSlot.meta({
      description: 'Tasks that are there already, never started, one for each slot; the others are made',
      example: '{dms_slot_01: arn:aws:dms:eu-central-1:123456789012:task:SLOT1}',
    }),
    batch_apply: z
      .enum(['yes', 'no'], 'must be yes or no')
      .default('no')
      .describe('Whether tasks apply in batches: faster, and only without unique indexes beside the key (load.unique)'),
  })
  .transform((file) => ({
    mode: file.mode,
    /** Null for that of the replication instance. */
    region: file.region ?? null,
    endpointUrl: file.endpoint_url ?? null,
    instance: file.instance,
    sourceSecret: file.source_secret ?? null,
    targetSecret: file.target_secret ?? null,
    secretRole: file.secret_role ?? null,
    sslMode: file.ssl_mode,
    certificate: file.certificate ?? null,
    /** Slot → ARN of an endpoint that is there already. */
    sourceEndpoints: file.source_endpoints,
    targetEndpoint: file.target_endpoint ?? null,
    /** Slot → ARN of a task that is there already. */
    tasks: file.tasks,
    batchApply: file.batch_apply === 'yes',
  }));

/** AWS DMS as the run is to use it. */
export type DmsConfig = z.output<typeof dms>;
