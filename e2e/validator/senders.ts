import { CreateEventBusCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { clientsOf } from '../accounts';
import { Failure } from '../failure';
import { addQueue, type Hub, type Place } from './hub';
import type { Mailbox } from './mailbox';
import type { Sending } from './sendings';

/** A sending on its way. */
export interface Sent {
  readonly sending: Sending;
  /** The event as a queue receives it, or the text that was put into the queue itself. */
  readonly text: string;
  /** The id of the event; a text that is none has none. */
  readonly id?: string;
}

const HUB = 'hub';

/** Those who send: the hub and the members, each with the credentials of its account. */
export class Senders {
  /** @param accounts of the members, by their names */
  public static async make(hub: Hub, place: Place, accounts: Map<string, string>): Promise<Senders> {
    const relays = new Map<string, Mailbox>();
    for (const [member, account] of accounts) {
      const { events } = clientsOf(account, place.endpoint);
      // The hub's cannot be reached: see `own-account-only` in faults.ts.
      await events.send(new CreateEventBusCommand({ Name: place.bus }));
      relays.set(member, await addQueue('e2e-relay', '{"source":[{"prefix":""}]}', { ...place, account }));
    }
    return new Senders(hub, place, accounts, relays);
  }

  private constructor(
    private readonly hub: Hub,
    private readonly place: Place,
    private readonly accounts: Map<string, string>,
    private readonly relays: Map<string, Mailbox>,
  ) {}

  /** Sends one after the other. */
  public async send(sendings: Sending[]): Promise<Sent[]> {
    const all: Sent[] = [];
    for (const sending of sendings) all.push(await (sending.by === undefined ? this.drop(sending) : this.put(sending)));
    return all;
  }

  /** Into the queue of the republisher. */
  private async drop(sending: Sending): Promise<Sent> {
    const { text = '', times = 1 } = sending;
    for (let i = 0; i < times; i++) await this.hub.queue.put(text);
    return { sending, text, id: idOf(text) };
  }

  /** On the bus, and from there to the republisher: those of members are carried. */
  private async put(sending: Sending): Promise<Sent> {
    const { name, by = '', source, detailType, detail, resources } = sending;
    const { account: hub, bus, endpoint } = this.place;
    const { events } = clientsOf(by === HUB ? hub : this.accounts.get(by)!, endpoint);
    const entry = {
      EventBusName: bus,
      Source: source,
      DetailType: detailType,
      Detail: detail,
      Resources: resources,
    };
    const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    const id = Entries?.[0].EventId;
    const way = by === HUB ? this.hub.watch : this.relays.get(by)!;
    const text = (await way.empty()).find((letter) => idOf(letter) === id);
    if (id === undefined || text === undefined) {
      throw new Failure(`"${name}" on the bus`, JSON.stringify(Entries?.[0]), 'see what the emulator says of it');
    }
    if (by !== HUB && (await this.hub.takes(text))) await this.hub.queue.put(text);
    return { sending, text, id };
  }
}

function idOf(text: string): string | undefined {
  try {
    return JSON.parse(text).id;
  } catch {
    return undefined;
  }
}
