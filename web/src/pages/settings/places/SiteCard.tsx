// SiteCard.tsx - when a location works and how much it takes: hours, days off,
// cut-offs, capacity, groups. What promises and routing go by.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../../../api/client';
import { useSession } from '../../../session';
import { Ask } from '../../../ui/Ask';
import { Anew, useOnce } from '../../../ui/once';
import { Card, Facts, ProblemView, Shades } from '../../../ui/ui';
import { many, say } from '../../../ui/words';
import c from './Places.module.css';

type Site = Schemas['Site'];
type Settings = Site['settings'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const CAPS = [
  ['orders_per_day', 'Orders a day'],
  ['units_per_day', 'Units a day'],
  ['orders_per_hour', 'Orders an hour'],
  ['units_per_hour', 'Units an hour'],
] as const;

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function Hours({ of, set }: { of: Settings; set: (more: Settings) => void }) {
  const hours = of.hours ?? [];
  const change = (day: (typeof DAYS)[number], row: { open: string; close: string } | null) =>
    set({
      ...of,
      hours: DAYS.flatMap((one) => {
        const known = hours.find((each) => each.day === one);
        const next = one === day ? row && { day: one, ...row } : known;
        return next ? [next] : [];
      }),
    });
  return (
    <fieldset className={c.days}>
      <legend>Hours, by its own clocks</legend>
      <Checkbox
        label="Works at any time"
        checked={!of.hours}
        onChange={(event) => {
          const { hours: _, ...rest } = of;
          const week = DAYS.slice(0, 5).map((day) => ({ day, open: '08:00', close: '17:00' }));
          set(event.currentTarget.checked ? rest : { ...rest, hours: week });
        }}
      />
      {of.hours &&
        DAYS.map((day) => {
          const row = hours.find((one) => one.day === day);
          const name = say(day);
          return (
            <div key={day} className={c.day}>
              <Checkbox
                label={name}
                checked={Boolean(row)}
                onChange={(event) =>
                  change(
                    day,
                    event.currentTarget.checked ? { open: '08:00', close: '17:00' } : null,
                  )
                }
              />
              {row && (
                <>
                  <TextInput
                    aria-label={`${name} from`}
                    value={row.open}
                    maxLength={5}
                    onChange={(event) => change(day, { ...row, open: event.currentTarget.value })}
                  />
                  <TextInput
                    aria-label={`${name} until`}
                    value={row.close}
                    maxLength={5}
                    onChange={(event) => change(day, { ...row, close: event.currentTarget.value })}
                  />
                </>
              )}
            </div>
          );
        })}
    </fieldset>
  );
}

// "14:00" is for all services, "express 12:00" for one.
const sayCutoffs = (of: Settings) =>
  (of.cutoffs ?? []).map((one) => [one.service, one.at].filter(Boolean).join(' ')).join('\n');
function readCutoffs(text: string): NonNullable<Settings['cutoffs']> {
  return text.split('\n').flatMap((line) => {
    const [first, second] = line.trim().split(/\s+/);
    if (!first) return [];
    return second ? [{ service: first, at: second }] : [{ at: first }];
  });
}

function SiteDialog({ of, onClose }: { of: Site; onClose: () => void }) {
  const [settings, set] = useState(of.settings);
  const [holidays, setHolidays] = useState((of.settings.holidays ?? []).join('\n'));
  const [cutoffs, setCutoffs] = useState(sayCutoffs(of.settings));
  const [groups, setGroups] = useState((of.settings.groups ?? []).join(', '));
  const { run, isBusy, problem, isStale } = useOnce(of.version, [['site', of.location]], onClose);
  const body: Settings = { ...settings };
  const put = <K extends keyof Settings>(key: K, value: Settings[K], isSet: boolean) => {
    if (isSet) body[key] = value;
    else delete body[key];
  };
  put('holidays', words(holidays), words(holidays).length > 0);
  put('cutoffs', readCutoffs(cutoffs), cutoffs.trim() !== '');
  put('groups', words(groups), words(groups).length > 0);
  put('capacity', settings.capacity, Object.keys(settings.capacity ?? {}).length > 0);
  const save = () =>
    void run(
      (key, version) =>
        take(
          api.PUT('/v1/locations/{id}/site', {
            params: { path: { id: of.location }, header: { 'Idempotency-Key': key } },
            body: { version, settings: body },
          }),
        ),
      'Set; the next order goes by it',
    );
  return (
    <Ask
      title={`Calendar and capacity of ${of.code}`}
      act="Set it"
      isBusy={isBusy}
      isReady={!isStale}
      problem={problem}
      onClose={onClose}
      onAct={save}
    >
      <Hours of={settings} set={set} />
      <Textarea
        label="Days off, one a line"
        placeholder="2026-12-25"
        className={c.area}
        autosize={false}
        rows={3}
        value={holidays}
        onChange={(event) => setHolidays(event.currentTarget.value)}
      />
      <Textarea
        label="Cut-offs, one a line"
        description="14:00 for all, express 12:00 for one service; closing time where there is none"
        className={c.area}
        rows={3}
        value={cutoffs}
        onChange={(event) => setCutoffs(event.currentTarget.value)}
      />
      <div className={c.times}>
        <TextInput
          label="Working days to get ready"
          inputMode="numeric"
          value={settings.handling_days?.toString() ?? ''}
          maxLength={2}
          onChange={(event) => {
            const { handling_days: _, ...rest } = settings;
            const days = Number.parseInt(event.currentTarget.value, 10);
            set(Number.isNaN(days) ? rest : { ...rest, handling_days: days });
          }}
        />
        <TextInput
          label="Groups, with commas"
          value={groups}
          onChange={(event) => setGroups(event.currentTarget.value)}
        />
      </div>
      <div className={c.times}>
        {CAPS.map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            inputMode="numeric"
            placeholder="any"
            maxLength={9}
            value={settings.capacity?.[name]?.toString() ?? ''}
            onChange={(event) => {
              const { [name]: _, ...rest } = settings.capacity ?? {};
              const most = Number.parseInt(event.currentTarget.value, 10);
              set({
                ...settings,
                capacity: Number.isNaN(most) ? rest : { ...rest, [name]: most },
              });
            }}
          />
        ))}
      </div>
    </Ask>
  );
}

function sayHours(hours: Settings['hours']) {
  if (!hours) return 'At any time';
  if (hours.length === 0) return 'Never';
  return hours.map((one) => (
    <div key={one.day}>
      {say(one.day)} {one.open} to {one.close}
    </div>
  ));
}

export function SiteCard({ id }: { id: string }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['site', id],
    queryFn: () => take(api.GET('/v1/locations/{id}/site', { params: { path: { id } } })),
  });
  const of = data?.settings;
  return (
    <Card
      title="Calendar and capacity"
      aside={
        can('channels:write') &&
        data && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            Change…
          </Button>
        )
      }
    >
      {error && <ProblemView error={error} retry={() => void refetch()} />}
      {!data && !error && <Shades lines={4} />}
      {of && (
        <Facts
          rows={[
            ['Works', sayHours(of.hours)],
            ['Days off', of.holidays?.join(', ')],
            [
              'Cut-offs',
              of.cutoffs
                ?.map((one) => `${one.at} ${one.service ? `for ${one.service}` : 'for all'}`)
                .join(', '),
            ],
            [
              'To get ready',
              of.handling_days === undefined ? '' : many(of.handling_days, 'working day'),
            ],
            [
              'Takes at most',
              CAPS.flatMap(([name, label]) => {
                const most = of.capacity?.[name];
                return most ? [`${most.toLocaleString()} ${label.toLowerCase()}`] : [];
              }).join(', ') || 'As much as comes',
            ],
            ['Groups', of.groups?.join(', ')],
            ['Market', of.market],
          ]}
        />
      )}
      {isOpen && data && (
        <Anew version={data.version}>
          <SiteDialog of={data} onClose={() => setOpen(false)} />
        </Anew>
      )}
    </Card>
  );
}
