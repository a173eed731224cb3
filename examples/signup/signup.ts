import type { Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BigCustomersStack } from './big-customers-stack';
import { BusStack } from './bus-stack';
import { CustomerAppStack } from './customer-app-stack';
import { DataTeamStack } from './data-team-stack';

/** The stacks of one Region. They share the name of the bus and nothing else; the bus comes first. */
export function signupIn(scope: Construct, env: Required<Environment>) {
  const id = (name: string) => `${name}-${env.region}`;
  const bus = new BusStack(scope, id('Bus'), { env });
  const others = [
    new CustomerAppStack(scope, id('CustomerApp'), { env }),
    new BigCustomersStack(scope, id('BigCustomers'), { env }),
    new DataTeamStack(scope, id('DataTeam'), { env }),
  ];
  for (const other of others) other.node.addDependency(bus);
}
