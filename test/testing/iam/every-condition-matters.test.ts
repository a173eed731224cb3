import { backboneStacks } from './backbone-app';
import { policyEdits, type PolicyEdit } from './policy-edits';
import { outside, permissionRows, type Row } from './rows';
import { UNNOTICED } from './unnoticed-edits';
import { AppPolicies } from '../../../src/testing/iam/app-policies';

const stacks = backboneStacks();
const policies = new AppPolicies(stacks, outside);
const edits = policyEdits(stacks);

/** The rows that a statement has a say about, by the place of the statement. */
const rowsByPlace = new Map<string, Set<Row>>();
for (const row of Object.values(permissionRows(policies)).flat()) {
  const { identity, resource } = policies.policiesFor(row.request);
  for (const { origin } of [...identity.statements, ...resource.statements]) {
    const place = `${origin.stack}/${origin.logicalId}`;
    rowsByPlace.set(place, (rowsByPlace.get(place) ?? new Set()).add(row));
  }
}

const resultOf = (judge: AppPolicies, { request }: Row) => judge.judge(request).result;
const real = new Map(
  [...rowsByPlace.values()].flatMap((rows) => [...rows].map((row) => [row, resultOf(policies, row)])),
);

/** Whether a row tells an edited app from the real one, for certain. */
const tells = (edited: AppPolicies) => (row: Row) => {
  const result = resultOf(edited, row);
  return result !== real.get(row) && result !== 'unknown';
};

const rowsOf = ({ stack, logicalId }: PolicyEdit) => [...(rowsByPlace.get(`${stack}/${logicalId}`) ?? [])];

const isNoticed = (edit: PolicyEdit) => rowsOf(edit).some(tells(new AppPolicies(edit.apply(stacks), outside)));

/** The rows that tell an app with these edits from the real one. */
function noticing(...changes: PolicyEdit[]): Row[] {
  const edited = new AppPolicies(
    changes.reduce((all, edit) => edit.apply(all), stacks),
    outside,
  );
  return [...new Set(changes.flatMap(rowsOf))].filter(tells(edited));
}

const editOf = (name: string) => edits.find((edit) => edit.name === name)!;

test('every edit has a name of its own, and every kind of policy has edits', () => {
  expect(new Set(edits.map(({ name }) => name)).size).toBe(edits.length);
  const types = edits.map(({ stack, logicalId }) => {
    const { template } = stacks.find(({ name }) => name === stack)!;
    return template.Resources![logicalId].Type;
  });
  expect([...new Set(types)].sort()).toEqual([
    'AWS::Events::EventBusPolicy',
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::KMS::Key',
    'AWS::Lambda::Permission',
    'AWS::Logs::LogGroup',
    'AWS::S3::BucketPolicy',
    'AWS::SQS::QueuePolicy',
  ]);
});

test.each([...new Set(edits.map(({ stack }) => stack))])(
  'each statement, condition and value of %s matters to a row',
  (stack) => {
    const unnoticed = edits.filter((edit) => edit.stack === stack && !isNoticed(edit)).map(({ name }) => name);
    const expected = UNNOTICED.map(({ edit }) => edit).filter((name) => name.startsWith(`${stack}/`));
    expect(unnoticed.sort()).toEqual(expected.sort());
  },
);

test.each(UNNOTICED.flatMap(({ edit, because, noticedWith }) => (noticedWith ? [[edit, because, noticedWith]] : [])))(
  '%s does not, %s: it does with %s',
  (edit, _because, other) => {
    const alone = noticing(editOf(other));
    // The other first, which stands behind in its list.
    const both = noticing(editOf(other), editOf(edit));
    expect(both).not.toEqual(alone);
  },
);
