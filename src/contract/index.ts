export { ContractCatalogue, type ContractCatalogueProps } from './contract-catalogue';
export { EventContract, type EventContractProps, type OpenApiContractsOptions } from './event-contract';
export { EventSchema } from './event-schema';
