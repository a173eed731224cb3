import { contractsOf, SETTINGS } from './validator';
import type { EventContract } from '../../src/contract';
import { republisherAsset } from '../../src/validation/republisher-asset';

export const contracts = (): EventContract[] => contractsOf(100);
export const asset = (some: EventContract[]): string => republisherAsset(SETTINGS, some);
