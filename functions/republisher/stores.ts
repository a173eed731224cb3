import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_CONFIG } from './client-config';
import { ACCEPTED, failed, type Outcome } from './deliver';
import { isPassing } from './faults';
import { type EventAt } from '../../src/validation/handler/quarantine-record';

// A file of its own in the asset: while all events are valid, nothing of it is needed.
const sqs = new SQSClient(CLIENT_CONFIG);
const s3 = new S3Client(CLIENT_CONFIG);

export async function sendMessages(url: string, texts: string[], abortSignal: AbortSignal): Promise<Outcome[]> {
  const Entries = texts.map((text, i) => ({ Id: String(i), MessageBody: text }));
  const command = new SendMessageBatchCommand({ QueueUrl: url, Entries });
  const { Successful = [], Failed = [] } = await sqs.send(command, { abortSignal });
  return Entries.map(({ Id }) => {
    if (Successful.some((entry) => entry.Id === Id)) return ACCEPTED;
    const { Code = 'AnswerIncomplete', SenderFault, Message } = Failed.find((entry) => entry.Id === Id) ?? {};
    return SenderFault && !isPassing(Code) ? { kind: 'refused', code: Code, message: Message } : failed(Code);
  });
}

export async function putObject({ bucket, key }: EventAt, text: string, abortSignal: AbortSignal): Promise<void> {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' });
  await s3.send(command, { abortSignal });
}

export async function readObject({ bucket, key }: EventAt, abortSignal: AbortSignal): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
  return Body!.transformToString();
}
