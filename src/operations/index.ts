export * from './bus-alarms';
