// Receive.tsx - what came of the goods, by scan or by hand, and where they go.
import { Button, NativeSelect } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { api, type Schemas, take } from '../../api/client';
import { useOnce } from '../../ui/once';
import { useLocations } from '../../ui/refs';
import { Scan, type Scanned } from '../../ui/Scan';
import { Card, look } from '../../ui/ui';
import { say } from '../../ui/words';

type Rma = Schemas['Return'];
type Item = NonNullable<Schemas['ReturnReceiveIn']['items']>[number];
type As = NonNullable<Item['as']>;
type Disposition = Schemas['ReturnDisposition'];

const AS: As[] = ['received', 'short', 'lost', 'wrong_item', 'given_to_customer'];
export const DISPOSITIONS: Disposition[] = [
  'restock',
  'quality_control',
  'damaged',
  'refurbish',
  'scrap',
  'vendor',
  'keep',
];

interface Awaited {
  id: string;
  n: number;
  sku: string;
  isPart: boolean;
  quantity: number;
}
interface Came {
  quantity: number;
  as: As;
  disposition: Disposition | '';
  lot: string;
  serials: string;
}
const NOTHING: Came = { quantity: 0, as: 'received', disposition: '', lot: '', serials: '' };

// What is still to come, a row for each line or component of a kit.
function awaited(rma: Rma): Awaited[] {
  const rows = new Map<string, Awaited>();
  for (const unit of rma.units) {
    if (unit.reception !== 'awaiting' && unit.reception !== 'in_transit') continue;
    const id = `${unit.n} ${unit.sku}`;
    const row = rows.get(id) ?? {
      id,
      n: unit.n,
      sku: unit.sku,
      isPart: rma.lines.find((line) => line.n === unit.n)?.sku !== unit.sku,
      quantity: 0,
    };
    row.quantity += unit.quantity;
    rows.set(id, row);
  }
  return [...rows.values()];
}

function itemOf(row: Awaited, came: Came): Item {
  const serials = came.serials.split(/[\s,]+/).filter(Boolean);
  return {
    n: row.n,
    quantity: came.quantity,
    as: came.as,
    ...(row.isPart ? { sku: row.sku } : {}),
    ...(came.disposition ? { disposition: came.disposition } : {}),
    ...(came.lot.trim() ? { lot: came.lot.trim() } : {}),
    ...(serials.length > 0 ? { serials } : {}),
  };
}

async function skuOf(code: string, rows: Awaited[]): Promise<string> {
  if (rows.some((row) => row.sku === code)) return code;
  const { items } = await take(
    api.GET('/v1/skus', { params: { query: { barcode: code, limit: 1 } } }),
  );
  return items[0]?.code ?? code;
}

export function Receive({ rma }: { rma: Rma }) {
  const locations = useLocations();
  const [location, setLocation] = useState(rma.location);
  const [came, setCame] = useState<Record<string, Came>>({});
  const latest = useRef(came); // A gun is faster than the screen.
  const { run, isBusy, problem } = useOnce(rma.version, [['returns'], ['order']], () => {});
  const rows = awaited(rma);
  const at = (id: string) => came[id] ?? NOTHING;
  const change = (id: string, to: Partial<Came>) => {
    const old = latest.current;
    latest.current = { ...old, [id]: { ...(old[id] ?? NOTHING), ...to } };
    setCame(latest.current);
  };
  const items = rows.filter((row) => at(row.id).quantity > 0).map((row) => itemOf(row, at(row.id)));
  const count = items.reduce((n, item) => n + item.quantity, 0);

  async function scan(code: string): Promise<Scanned> {
    const sku = await skuOf(code, rows).catch(() => code);
    const alike = rows.filter((one) => one.sku === sku);
    const counted = (id: string) => latest.current[id]?.quantity ?? 0;
    const row = alike.find((one) => counted(one.id) < one.quantity) ?? alike[0];
    if (!row) return { isGood: false, text: `${code} is not awaited here` };
    const quantity = counted(row.id) + 1;
    change(row.id, { quantity });
    return { isGood: true, text: `${sku}: ${quantity} of ${row.quantity}` };
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(
      (key, version) =>
        take(
          api.POST('/v1/returns/{id}/receive', {
            params: { path: { id: rma.id }, header: { 'Idempotency-Key': key } },
            body: { version, location, items },
          }),
        ),
      'Received',
    );
  }
  if (rows.length === 0) return null;
  return (
    <Card title="Receive">
      <div className={look.dialog}>
        <Scan label="Scan what came" take={scan} />
        <form className={look.dialog} onSubmit={submit}>
          <div className={look.scroll}>
            <table className={look.table}>
              <thead>
                <tr>
                  <th>Item</th>
                  <th>Units</th>
                  <th>As</th>
                  <th>Goes to</th>
                  <th>Lot, serial numbers</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id} className={look.cell}>
                    <td>
                      {row.sku}
                      <div className={look.faint}>{row.quantity.toLocaleString()} awaited</div>
                    </td>
                    <td>
                      <input
                        type="number"
                        inputMode="numeric"
                        aria-label={`Units of ${row.sku}`}
                        min={0}
                        max={row.quantity}
                        value={at(row.id).quantity}
                        onChange={(event) =>
                          change(row.id, {
                            quantity: Math.trunc(Number(event.currentTarget.value)),
                          })
                        }
                      />
                    </td>
                    <td>
                      <select
                        aria-label={`${row.sku} as`}
                        value={at(row.id).as}
                        onChange={(event) =>
                          change(row.id, { as: event.currentTarget.value as As })
                        }
                      >
                        {AS.map((one) => (
                          <option key={one} value={one}>
                            {say(one)}
                          </option>
                        ))}
                      </select>
                    </td>
                    <td>
                      <Place
                        name={`${row.sku} goes to`}
                        none="Decided later"
                        value={at(row.id).disposition}
                        set={(disposition) => change(row.id, { disposition })}
                      />
                    </td>
                    <td>
                      <input
                        aria-label={`Lot of ${row.sku}`}
                        placeholder="Lot"
                        maxLength={64}
                        value={at(row.id).lot}
                        onChange={(event) => change(row.id, { lot: event.currentTarget.value })}
                      />
                      <input
                        aria-label={`Serial numbers of ${row.sku}`}
                        placeholder="Serial numbers"
                        value={at(row.id).serials}
                        onChange={(event) => change(row.id, { serials: event.currentTarget.value })}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {problem}
          <div className={look.bar}>
            <NativeSelect
              label="Received at"
              value={location}
              onChange={(event) => setLocation(event.currentTarget.value)}
              data={locations.all.map((one) => ({ value: one.code, label: one.name }))}
            />
            <Button
              variant="default"
              onClick={() => {
                for (const row of rows) change(row.id, { quantity: row.quantity });
              }}
            >
              All of it came
            </Button>
            <Button type="submit" loading={isBusy} disabled={count === 0}>
              Receive {count.toLocaleString()}
            </Button>
          </div>
        </form>
      </div>
    </Card>
  );
}

export function Place({
  name,
  none,
  value,
  set,
}: {
  name: string;
  none: string;
  value: Disposition | '';
  set: (to: Disposition | '') => void;
}) {
  return (
    <select
      aria-label={name}
      value={value}
      onChange={(event) => set(event.currentTarget.value as Disposition | '')}
    >
      <option value="">{none}</option>
      {DISPOSITIONS.map((one) => (
        <option key={one} value={one}>
          {say(one)}
        </option>
      ))}
    </select>
  );
}
