/**
 * Calls a handler of the examples, as Lambda would, in a process of its own with the credentials of one account. Reads
 * its event, and prints what the handler answered and which events it put.
 */
import { readFileSync } from 'fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

interface Put {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
}

const puts: Put[] = [];
const { send } = EventBridgeClient.prototype;
// The handler's own client: what it sends goes on unchanged, and is written down.
EventBridgeClient.prototype.send = async function (this: EventBridgeClient, command: any, ...rest: any[]) {
  const answer: any = await (send as any).call(this, command, ...rest);
  if (command instanceof PutEventsCommand) {
    command.input.Entries?.forEach(({ Source = '', DetailType = '', Detail = '' }, i) =>
      puts.push({ id: answer.Entries?.[i]?.EventId ?? '', source: Source, detailType: DetailType, detail: Detail }),
    );
  }
  return answer;
} as any;

async function main(): Promise<void> {
  const { handler } = await import(process.argv[2]);
  const answer = await handler(JSON.parse(readFileSync(0, 'utf8')));
  process.stdout.write(JSON.stringify({ answer, puts }));
}

void main();
