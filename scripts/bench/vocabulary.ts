/** What the generated events and rules have in common: the words of a shop of some twenty services. */

const EVENTS: Record<string, string[]> = {
  order: ['Created', 'Confirmed', 'Amended', 'Cancelled', 'Completed'],
  payment: ['Authorized', 'Captured', 'Refunded', 'Failed'],
  delivery: ['Booked', 'PickedUp', 'Delayed', 'Delivered', 'Returned'],
  loyalty: ['PointsEarned', 'PointsSpent', 'TierChanged'],
  inventory: ['Reserved', 'Released', 'StockLow', 'Counted'],
  customer: ['Registered', 'Updated', 'Deleted', 'ConsentChanged'],
  catalog: ['ProductAdded', 'ProductChanged', 'ProductRemoved'],
  pricing: ['PriceChanged', 'CampaignStarted', 'CampaignEnded'],
  invoice: ['Issued', 'Paid', 'Overdue', 'Credited'],
  fraud: ['CaseOpened', 'CaseClosed'],
  basket: ['ItemAdded', 'ItemRemoved', 'Abandoned'],
  document: ['Uploaded', 'Signed', 'Archived'],
};

export const DOMAINS = Object.keys(EVENTS);

const capital = (word: string) => word[0].toUpperCase() + word.slice(1);
export const sourceOf = (domain: string) => `acme.${domain}.service`;
export const detailTypesOf = (domain: string) => EVENTS[domain].map((verb) => `${capital(domain)}.${verb}`);

export const SOURCES = DOMAINS.map(sourceOf);
export const DETAIL_TYPES = DOMAINS.flatMap(detailTypesOf);
export const VERBS = [...new Set(Object.values(EVENTS).flat())];

export const ACCOUNTS = Array.from({ length: 300 }, (_, i) => String(210000000000 + i * 2654435));
export const REGIONS = ['eu-west-1', 'eu-west-1', 'eu-west-1', 'eu-north-1', 'eu-central-1'];
export const TENANTS = ['nord', 'sued', 'ouest', 'oriental', 'pacific', 'retail', 'b2b', 'outlet'].flatMap((brand) =>
  ['prod', 'prod-eu', 'pilot', 'b', 'c'].map((stage) => `${brand}-${stage}`),
);
export const STATUSES = ['OPEN', 'PENDING', 'PAID', 'SHIPPED', 'CLOSED', 'CANCELLED', 'ON_HOLD', 'FAILED'];
export const CURRENCIES = ['EUR', 'DKK', 'SEK', 'JPY', 'CHF', 'USD'];
export const COUNTRIES = ['DK', 'SE', 'DE', 'FR', 'JP', 'CH', 'US', 'ES', 'PL', 'CZ'];
export const CHANNELS = ['web', 'Web', 'WEB', 'app', 'App', 'store', 'Store', 'phone', 'api'];
export const TIERS = ['basic', 'silver', 'gold', 'platinum'];
export const CARRIERS = ['postnord', 'dhl', 'gls', 'ups', 'yamato', 'bring'];
export const SCANS = ['ACCEPTED', 'HUB', 'CUSTOMS', 'VAN', 'DELIVERED', 'MISSED', 'DAMAGED'];
export const WAREHOUSES = ['AAR1', 'CPH2', 'MMX1', 'HAM3', 'LYS1', 'TYO4', 'ZRH1', 'ORD2'];
export const CATEGORIES = ['shoes', 'shirts', 'tools', 'toys', 'books', 'garden', 'audio', 'kitchen'];
export const TAGS = ['new', 'sale', 'fragile', 'bulky', 'gift', 'eco', 'last-chance', 'preorder', 'heavy', 'imported'];
export const FILE_ENDS = ['.pdf', '.json', '.xml', '.csv', '-signed.pdf', '-draft.pdf', '.parquet'];
export const FOLDERS = ['invoices', 'labels', 'contracts', 'returns', 'exports', 'receipts'];
export const BUCKETS = FOLDERS.map((folder) => `acme-${folder}`);
export const SKUS = Array.from({ length: 400 }, (_, i) => `SKU-${(i * 7919 + 10007).toString(36).toUpperCase()}`);

export const CITIES = [
  'Aarhus',
  'Malmo',
  'Hamburg',
  'Lyon',
  'Basel',
  'Chicago',
  'Madrid',
  'Gdansk',
  'AARHUS',
  'hamburg',
];
export const CITIES_BEYOND_ASCII = ['København', 'KØBENHAVN', '東京', 'Zürich', 'São Paulo', 'Malmö', 'Plzeň', 'Łódź'];
export const NAMES = ['Jensen', 'Smith', 'Nilsson', 'Martin', 'Keller', 'Tanaka', 'Garcia', 'Nowak'];
export const NAMES_BEYOND_ASCII = ['Sørensen', 'Müller', '山田太郎', 'Škoda', 'Łukasz', 'Ångström', 'Núñez'];
export const NOTES = ['leave at door', 'call first', 'none', 'ring twice', 'see invoice', 'said "not before noon"'];
export const NOTES_BEYOND_ASCII = [
  'naïve café ☕',
  '玄関前に置いてください',
  'tak 👍🏽',
  'façade côté rue',
  'Größe prüfen',
];
