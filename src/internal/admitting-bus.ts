import type * as events from 'aws-cdk-lib/aws-events';
import { madeBus } from './bus-identity';

/** A bus of ours whose policy keeps something for republishers. */
export interface AdmittingBus extends events.IEventBusRef {
  /** The sources that it keeps, where that is not everything. */
  readonly _reservedPrefixes?: string[];
  _admitRepublisher(roleArn: string): void;
}

/** The bus itself, or the one that is made in this app and that it is a reference to, if republishers can be let in there. */
export function admittingBus(eventBus: events.IEventBusRef): AdmittingBus | undefined {
  return [eventBus, madeBus(eventBus)].find(isAdmitting);
}

const isAdmitting = (bus: events.IEventBusRef | undefined): bus is AdmittingBus =>
  bus !== undefined && '_admitRepublisher' in bus;

/** Whether a bus is for validated events alone. */
export function isPublished(eventBus: events.IEventBusRef): boolean {
  const bus = admittingBus(eventBus);
  return bus !== undefined && bus._reservedPrefixes === undefined;
}
