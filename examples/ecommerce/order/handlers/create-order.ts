import { randomUUID } from 'crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { publish } from './publish';

/** POST /orders */
export async function handler(request: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> {
  const items = itemsOf(request.body);
  if (items === undefined) {
    return answer(400, { message: 'The body must be JSON such as {"items":[{"sku":"A1","quantity":1}]}' });
  }
  const wrong = items.findIndex((item) => !isItem(item));
  if (wrong >= 0) {
    const message = `items[${wrong}] must have a sku, a text that is not empty, and a quantity, a whole number of 1 or more`;
    return answer(400, { message });
  }
  const orderId = randomUUID();
  await publish({ type: 'Order.Created', data: { orderId, items } });
  return answer(201, { orderId });
}

function itemsOf(body: string | undefined): unknown[] | undefined {
  try {
    const { items } = JSON.parse(body ?? '');
    return Array.isArray(items) && items.length > 0 ? items : undefined;
  } catch {
    return undefined;
  }
}

/** As the contract of Order.Created says: the hub would refuse it when the customer has a 201 already. */
function isItem(item: any): boolean {
  return typeof item?.sku === 'string' && item.sku !== '' && Number.isInteger(item.quantity) && item.quantity >= 1;
}

const answer = (statusCode: number, body: object) => ({ statusCode, body: JSON.stringify(body) });
