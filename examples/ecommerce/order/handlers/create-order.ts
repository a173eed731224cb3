import { randomUUID } from 'crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { publish } from './publish';

/** POST /orders */
export async function handler(request: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> {
  const items = itemsOf(request.body);
  if (items === undefined) {
    return answer(400, { message: 'The body must be JSON such as {"items":[{"sku":"A1","quantity":1}]}' });
  }
  const orderId = randomUUID();
  await publish({ type: 'Order.Created', data: { orderId, items } });
  return answer(201, { orderId });
}

function itemsOf(body: string | undefined): object[] | undefined {
  try {
    const { items } = JSON.parse(body ?? '');
    return Array.isArray(items) && items.length > 0 ? items : undefined;
  } catch {
    return undefined;
  }
}

const answer = (statusCode: number, body: object) => ({ statusCode, body: JSON.stringify(body) });
