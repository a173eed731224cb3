export { EventContract, type EventContractProps } from './event-contract';
export { EventSchema } from './event-schema';
