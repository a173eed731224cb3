import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CLIENT_CONFIG } from './client-config';
import { ACCEPTED, type Channel } from './deliver';
import { type StoredText } from './quarantine';
import { type EventAt } from '../../src/validation/handler/quarantine-record';

// A file of its own in the asset: most functions never need it.
const client = new S3Client(CLIENT_CONFIG);

export const toBucket: Channel<StoredText> = {
  most: { items: 1, bytes: Infinity },
  sizeOf: ({ text }) => text.length,
  async send([{ bucket, key, text }], abortSignal) {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' });
    await client.send(command, { abortSignal });
    return [ACCEPTED];
  },
};

export async function read({ bucket, key }: EventAt, abortSignal: AbortSignal): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
  return Body!.transformToString();
}
