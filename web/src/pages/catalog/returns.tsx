// returns.tsx - the parts of a channel's rules for returns that are lists: why
// goods come back, where they go, and what never does.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { Words } from '../../ui/fields';
import { useLocations } from '../../ui/refs';
import { look } from '../../ui/ui';

type Reason = Schemas['ReturnReasonIn'];
type Route = Schemas['ReturnRouteIn'];
type Final = Schemas['ReturnFinalSaleIn'];
const REASONS_MOST = 50;
const ROUTES_MOST = 100;

// "Arrived broken" -> "arrived_broken"; its end only once it is left.
const codeTyped = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '_');
const codeOf = (text: string) => codeTyped(text).replace(/^_+|_+$/g, '');

export function Reasons({ of, set }: { of: Reason[]; set: (to: Reason[]) => void }) {
  const put = (i: number, change: Partial<Reason>) =>
    set(of.map((one, at) => (at === i ? { ...one, ...change } : one)));
  const flag = (
    i: number,
    one: Reason,
    name: 'needs_note' | 'needs_photo' | 'is_fault',
    label: string,
  ) => (
    <Checkbox
      label={label}
      checked={one[name] ?? false}
      onChange={(event) => put(i, { [name]: event.currentTarget.checked })}
    />
  );
  return (
    <>
      {of.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a code may be typed
        <div key={i} className={look.dialog}>
          <div className={look.bar}>
            <TextInput
              label="As buyers read it"
              maxLength={255}
              value={one.title ?? ''}
              onChange={(event) => put(i, { title: event.currentTarget.value || null })}
            />
            <TextInput
              label="Code"
              maxLength={64}
              value={one.code}
              onChange={(event) => put(i, { code: codeTyped(event.currentTarget.value) })}
              onBlur={() => put(i, { code: codeOf(one.code) })}
            />
            <Button
              variant="subtle"
              aria-label={`Without ${one.title || one.code || 'this reason'}`}
              disabled={of.length === 1}
              onClick={() => set(of.toSpliced(i, 1))}
            >
              Remove
            </Button>
          </div>
          <div className={look.choices}>
            {flag(i, one, 'is_fault', "The shop's fault")}
            {flag(i, one, 'needs_note', 'Asks for a note')}
            {flag(i, one, 'needs_photo', 'Asks for a picture')}
          </div>
        </div>
      ))}
      {of.length < REASONS_MOST && (
        <div>
          <Button
            size="xs"
            variant="default"
            onClick={() => set([...of, { code: '', title: null }])}
          >
            One more reason
          </Button>
        </div>
      )}
    </>
  );
}

export function Routes({ of, set }: { of: Route[]; set: (to: Route[]) => void }) {
  const locations = useLocations();
  const put = (i: number, change: Partial<Route>) =>
    set(of.map((one, at) => (at === i ? { ...one, ...change } : one)));
  return (
    <>
      {of.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: routes have no other name
        <div key={`${i} ${of.length}`} className={look.dialog}>
          <div className={look.bar}>
            <NativeSelect
              label={`${i + 1}. Goes to`}
              value={one.location}
              onChange={(event) => put(i, { location: event.currentTarget.value })}
              data={locations.all.map((it) => ({ value: it.code as string, label: it.name }))}
            />
            <Button
              variant="subtle"
              aria-label={`Without place ${i + 1}`}
              onClick={() => set(of.toSpliced(i, 1))}
            >
              Remove
            </Button>
          </div>
          <div className={look.pairs}>
            <Words
              label="From the countries"
              isUpper
              of={one.countries}
              set={(countries) => put(i, { countries })}
            />
            <Words label="Regions" of={one.regions} set={(regions) => put(i, { regions })} />
            <Words
              label="For reasons, by code"
              of={one.reasons}
              set={(reasons) => put(i, { reasons })}
            />
            <Words label="Only the SKUs" of={one.skus} set={(skus) => put(i, { skus })} />
          </div>
        </div>
      ))}
      {of.length < ROUTES_MOST && (
        <div>
          <Button
            size="xs"
            variant="default"
            disabled={locations.all.length === 0}
            onClick={() => set([...of, { location: locations.all[0]?.code ?? '' }])}
          >
            One more place
          </Button>
        </div>
      )}
    </>
  );
}

export function FinalSale({ of, set }: { of: Final; set: (to: Final) => void }) {
  return (
    <div className={look.pairs}>
      <Words
        label="SKUs"
        placeholder="None"
        of={of.skus}
        set={(skus) => set({ ...of, skus: skus ?? [] })}
      />
      <TextInput
        label="Or what has the attribute"
        placeholder="None"
        maxLength={64}
        value={of.attribute ?? ''}
        onChange={(event) => set({ ...of, attribute: event.currentTarget.value || null })}
      />
      <Words
        label="with one of the values"
        placeholder="None"
        of={of.values}
        set={(values) => set({ ...of, values: values ?? [] })}
      />
    </div>
  );
}
