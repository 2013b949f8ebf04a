// Scenario.tsx - one scenario of a channel: which orders it is for, and the
// steps by which their places are found.
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { Ask } from '../../ui/Ask';
import { Among, Amount, isAmount, Words } from '../../ui/fields';
import { Card, look } from '../../ui/ui';

export type Scenario = Schemas['RoutingScenario'];
type When = NonNullable<Scenario['when']>;
type Step = Scenario['steps'][number];
type Filter = NonNullable<Step['filter']>;
type Rule = NonNullable<Step['rank']>[number];

const STEPS_MOST = 10;
const RULES_MOST = 8;
const METHODS = ['ship', 'pickup', 'digital'] as const;
const TYPES = ['warehouse', 'store', '3pl', 'dropship', 'virtual'] as const;
export const RULES: Record<Rule['by'], string> = {
  nearest: 'Nearest',
  fewest_splits: 'Fewest parcels',
  same_market: "In the buyer's market",
  ranked: 'By a list',
  stock_balance: 'Where most is left',
  capacity_left: 'Where there is room for work',
  nearest_expiry: 'What expires first',
  oldest_stock: 'What lies longest',
};
const ALLOCATE = {
  units: 'Lines may be split',
  whole_lines: 'Each line from one place',
  whole_order: 'All from one place',
};
const THEN = {
  next: 'Go on to the next step',
  backorder: 'Wait for goods, if the channel lets them',
  hold: 'Wait for a person',
  refuse: 'Refuse the order',
};
const options = (of: Record<string, string>) =>
  Object.entries(of).map(([value, label]) => ({ value, label }));
const EMPTY: Scenario = {
  name: 'Nearest first',
  when: {},
  steps: [{ name: 'Nearest', rank: [{ by: 'nearest' }, { by: 'fewest_splits' }] }],
};

// What asks for nothing is left out.
function without<T extends object>(of: T): T {
  return Object.fromEntries(
    Object.entries(of).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as T;
}

function Count({
  label,
  of,
  set,
}: {
  label: string;
  of: number | undefined;
  set: (to: number | undefined) => void;
}) {
  return (
    <TextInput
      label={label}
      placeholder="Any"
      inputMode="numeric"
      maxLength={9}
      value={of ?? ''}
      onChange={(event) => {
        const digits = event.currentTarget.value.replace(/\D/g, '');
        set(digits === '' ? undefined : Number(digits));
      }}
    />
  );
}

function WhenFields({
  of,
  currency,
  set,
}: {
  of: When;
  currency: string;
  set: (to: When) => void;
}) {
  const put = (change: Partial<When>) => set(without({ ...of, ...change }));
  return (
    <>
      <div className={look.pairs}>
        <Words
          label="Goes to countries"
          placeholder="Any, as DE, AT"
          isUpper
          of={of.countries}
          set={(countries) => put({ countries })}
        />
        <Words
          label="Postal codes begin with"
          of={of.postal_prefixes}
          set={(postal_prefixes) => put({ postal_prefixes })}
        />
        <Words label="Markets" of={of.markets} set={(markets) => put({ markets })} />
        <Words label="Services" of={of.services} set={(services) => put({ services })} />
        <Words label="Has one of the tags" of={of.tags} set={(tags) => put({ tags })} />
        <Words
          label="Has none of the tags"
          of={of.not_tags}
          set={(not_tags) => put({ not_tags })}
        />
        <Amount
          label="Worth at least"
          currency={currency}
          of={of.value_min}
          set={(value_min) => put({ value_min })}
        />
        <Amount
          label="Worth at most"
          currency={currency}
          of={of.value_max}
          set={(value_max) => put({ value_max })}
        />
      </div>
      <Among
        label="Leaves by (any where none is chosen)"
        all={METHODS}
        of={of.methods}
        set={(methods) => put({ methods })}
      />
      <NativeSelect
        label="Crosses a border"
        value={of.is_cross_border === undefined ? '' : String(of.is_cross_border)}
        onChange={(event) => {
          const { is_cross_border: _, ...rest } = of;
          const { value } = event.currentTarget;
          set(value ? { ...rest, is_cross_border: value === 'true' } : rest);
        }}
        data={[
          { value: '', label: 'Either way' },
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
      />
      {of.sku_attrs && of.sku_attrs.length > 0 && (
        <span className={look.soft}>
          It also asks for attributes of SKUs; those are changed as JSON.
        </span>
      )}
    </>
  );
}

function FilterFields({ of, set }: { of: Filter; set: (to: Filter) => void }) {
  const put = (change: Partial<Filter>) => set(without({ ...of, ...change }));
  const flag = (name: 'same_market' | 'is_open' | 'before_cutoff', label: string) => (
    <Checkbox
      label={label}
      checked={of[name] ?? false}
      onChange={(event) => put({ [name]: event.currentTarget.checked || undefined })}
    />
  );
  return (
    <>
      <Among
        label="Only places that are"
        all={TYPES}
        of={of.types}
        set={(types) => put({ types })}
      />
      <fieldset className={look.choices}>
        <legend>And only those that</legend>
        {flag('same_market', "are in the buyer's market")}
        {flag('is_open', 'are open now')}
        {flag('before_cutoff', 'make it today')}
      </fieldset>
      <div className={look.pairs}>
        <Words label="In the groups" of={of.groups} set={(groups) => put({ groups })} />
        <Words
          label="Not in the groups"
          placeholder="None"
          of={of.not_groups}
          set={(not_groups) => put({ not_groups })}
        />
        <Words
          label="In the countries"
          isUpper
          of={of.countries}
          set={(countries) => put({ countries })}
        />
        <Words label="In the markets" of={of.markets} set={(markets) => put({ markets })} />
        <Count label="Away at most, km" of={of.max_km} set={(max_km) => put({ max_km })} />
        <Count
          label="Promised within, days"
          of={of.max_days}
          set={(max_days) => put({ max_days })}
        />
        <Count
          label="Units of each that stay there"
          of={of.min_left}
          set={(min_left) => put({ min_left })}
        />
      </div>
    </>
  );
}

function RuleRow({
  of,
  at,
  set,
  drop,
}: {
  of: Rule;
  at: number;
  set: (to: Rule) => void;
  drop: () => void;
}) {
  return (
    <>
      <div className={look.bar}>
        <NativeSelect
          label={at === 0 ? 'First choice' : 'Where that is equal'}
          value={of.by}
          onChange={(event) => set({ by: event.currentTarget.value as Rule['by'] })}
          data={options(RULES)}
        />
        <Button variant="subtle" aria-label={`Remove ${RULES[of.by]}`} onClick={drop}>
          Remove
        </Button>
      </div>
      {of.by === 'ranked' && (
        <div className={look.pairs}>
          <Words
            label="Codes of places, best first"
            placeholder="As the channel ranks them"
            of={of.locations}
            set={(locations) => set(without({ ...of, locations }))}
          />
          <Words
            label="Or groups, best first"
            placeholder="None"
            of={of.groups}
            set={(groups) => set(without({ ...of, groups }))}
          />
        </div>
      )}
    </>
  );
}

function StepFields({ of, set }: { of: Step; set: (to: Step) => void }) {
  const rank = of.rank ?? [];
  const put = (change: Partial<Step>) => set(without({ ...of, ...change }));
  const filter = of.filter ?? {};
  const [isFiltered] = useState(Object.keys(filter).length > 0); // Then it is the reader's.
  return (
    <div className={look.dialog}>
      <TextInput
        label="Name of the step"
        maxLength={200}
        value={of.name}
        onChange={(event) => set({ ...of, name: event.currentTarget.value })}
      />
      {rank.map((one, i) => (
        <RuleRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other name
          key={`${i} ${rank.length}`}
          of={one}
          at={i}
          set={(to) => put({ rank: rank.with(i, to) })}
          drop={() => put({ rank: rank.toSpliced(i, 1) })}
        />
      ))}
      {rank.length < RULES_MOST && (
        <div>
          <Button
            size="xs"
            variant="default"
            onClick={() => put({ rank: [...rank, { by: 'nearest' }] })}
          >
            {rank.length === 0 ? 'Say which place is best' : 'Where that is equal…'}
          </Button>
        </div>
      )}
      <details open={isFiltered}>
        <summary>Which places count</summary>
        <div className={look.dialog}>
          <FilterFields
            of={filter}
            set={(to) => put({ filter: Object.keys(to).length > 0 ? to : undefined })}
          />
        </div>
      </details>
      <div className={look.pairs}>
        <NativeSelect
          label="How it is shared out"
          value={of.allocate ?? 'units'}
          onChange={(event) => put({ allocate: event.currentTarget.value as Step['allocate'] })}
          data={options(ALLOCATE)}
        />
        <NativeSelect
          label="What is left then"
          value={of.then ?? 'next'}
          // biome-ignore lint/suspicious/noThenProperty: the contract's name
          onChange={(event) => put({ then: event.currentTarget.value as Step['then'] })}
          data={options(THEN)}
        />
        <Count
          label="Parcels at most"
          of={of.max_packages}
          set={(max_packages) => put({ max_packages })}
        />
      </div>
    </div>
  );
}

function Fields({
  of,
  currency,
  set,
}: {
  of: Scenario;
  currency: string;
  set: (to: Scenario) => void;
}) {
  const { steps } = of;
  const setSteps = (next: Step[]) => set({ ...of, steps: next });
  return (
    <>
      <TextInput
        label="Name"
        maxLength={200}
        value={of.name}
        onChange={(event) => set({ ...of, name: event.currentTarget.value })}
        data-autofocus
      />
      <Card title="Which orders it is for">
        <div className={look.dialog}>
          <WhenFields of={of.when ?? {}} currency={currency} set={(when) => set({ ...of, when })} />
        </div>
      </Card>
      {steps.map((step, i) => (
        <Card
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are in their order
          key={`${i} ${steps.length}`}
          title={`Step ${i + 1}`}
          aside={
            steps.length > 1 && (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={`Remove step ${i + 1}`}
                onClick={() => setSteps(steps.toSpliced(i, 1))}
              >
                Remove
              </Button>
            )
          }
        >
          <StepFields of={step} set={(to) => setSteps(steps.with(i, to))} />
        </Card>
      ))}
      {steps.length < STEPS_MOST && (
        <div>
          <Button
            variant="default"
            onClick={() =>
              setSteps([...steps, { name: `Step ${steps.length + 1}`, rank: [{ by: 'nearest' }] }])
            }
          >
            One more step
          </Button>
        </div>
      )}
    </>
  );
}

const isObject = (of: unknown): of is Record<string, unknown> =>
  typeof of === 'object' && of !== null && !Array.isArray(of);
const isText = (of: unknown): of is string => typeof of === 'string' && of.trim() !== '';
const LISTS = new Set(
  'countries postal_prefixes markets services tags not_tags methods types groups not_groups'.split(
    ' ',
  ),
);
// What the form shows as words in a row are lists of words.
const isAsking = (of: unknown) =>
  of === undefined ||
  (isObject(of) &&
    Object.entries(of).every(
      ([name, value]) => !LISTS.has(name) || (Array.isArray(value) && value.every(isText)),
    ));
const isRule = (of: unknown) => isObject(of) && isText(of.by) && of.by in RULES;
const isStep = (of: unknown) =>
  isObject(of) &&
  isText(of.name) &&
  isAsking(of.filter) &&
  (of.rank === undefined || (Array.isArray(of.rank) && of.rank.every(isRule)));

// Of a form that it fits, so that whatever is written breaks no page.
function isScenario(of: unknown): of is Scenario {
  if (!isObject(of) || !Array.isArray(of.steps)) return false;
  return isText(of.name) && isAsking(of.when) && of.steps.length > 0 && of.steps.every(isStep);
}

function parse(text: string): Scenario | null {
  try {
    const read: unknown = JSON.parse(text);
    return isScenario(read) ? read : null;
  } catch {
    return null; // Half written.
  }
}

export function ScenarioDialog({
  of,
  currency,
  onClose,
  onSet,
}: {
  of: Scenario | null;
  currency: string;
  onClose: () => void;
  onSet: (next: Scenario) => void;
}) {
  const [next, setNext] = useState(of ?? EMPTY);
  const [text, setText] = useState<string | null>(null);
  const read = text === null ? next : parse(text);
  const isRight = isAmount(next.when?.value_min) && isAmount(next.when?.value_max);
  const isReady = isRight && read !== null && isScenario(read);
  return (
    <Ask
      title={of ? `Change ${of.name}` : 'New scenario'}
      act="Take it"
      size="lg"
      isBusy={false}
      isReady={isReady}
      problem={null}
      onClose={onClose}
      onAct={() => read && onSet(read)}
    >
      <div className={look.row}>
        <span className={look.soft}>Nothing is kept before “Save”.</span>
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={read === null || !isRight}
          onClick={() => {
            if (read) setNext(read);
            setText(text === null ? JSON.stringify(next, null, 2) : null);
          }}
        >
          {text === null ? 'As JSON' : 'As a form'}
        </Button>
      </div>
      {text === null ? (
        <Fields of={next} currency={currency} set={setNext} />
      ) : (
        <Textarea
          label="As the API takes it"
          description="When it counts, and its steps; docs/routing.md."
          rows={18}
          spellCheck={false}
          className={look.code}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
    </Ask>
  );
}
