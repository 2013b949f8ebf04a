// EditLines.tsx - the lines of an order, as they shall be.
import { Button } from '@mantine/core';
import { newKey, type Schemas } from '../../../api/client';
import { SkuField } from '../../../ui/sku';
import { Card, look, Money } from '../../../ui/ui';
import { readMoney, typeMoney } from '../../../ui/words';
import e from './Edit.module.css';
import { type Added, type LineWish, readUnits, unitsLeft, type Wish } from './wish';

type Order = Schemas['Order'];
type Line = Schemas['OrderLine'];

function Field({
  label,
  value,
  is,
  isRight,
  onChange,
}: {
  label: string;
  value: string | undefined;
  is: string;
  isRight: (text: string) => boolean;
  onChange: (text: string | undefined) => void;
}) {
  const text = value ?? is;
  return (
    <input
      aria-label={label}
      inputMode="decimal"
      maxLength={16}
      value={text}
      aria-invalid={!isRight(text)}
      data-touched={value === undefined || value === is ? undefined : true}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => text.trim() === is && onChange(undefined)}
    />
  );
}

function LineRow({
  line,
  wish,
  after,
  set,
}: {
  line: Line;
  wish: LineWish;
  after: Schemas['Money'];
  set: (to: LineWish) => void;
}) {
  const name = line.title || line.sku;
  const isMoney = (text: string) => readMoney(text, line.unit_price.currency) !== null;
  const isGone = readUnits(wish.quantity ?? String(unitsLeft(line))) === 0;
  const isTouched = Object.values(wish).some((one) => one !== undefined);
  return (
    <tr className={`${look.cell} ${isGone ? e.gone : ''}`}>
      <td>
        <b>{name}</b>
        <div className={`${look.faint} ${look.small}`}>
          {line.sku}
          {line.shipped > 0 && ` · ${line.shipped.toLocaleString()} shipped`}
        </div>
      </td>
      <td data-name="Units">
        <Field
          label={`Units of ${name}`}
          value={wish.quantity}
          is={String(unitsLeft(line))}
          isRight={(text) => readUnits(text) !== null}
          onChange={(quantity) => set({ ...wish, quantity })}
        />
      </td>
      <td data-name="Price">
        <Field
          label={`Price of ${name}`}
          value={wish.price}
          is={typeMoney(line.unit_price_now)}
          isRight={isMoney}
          onChange={(price) => set({ ...wish, price })}
        />
      </td>
      <td data-name="Discount">
        <Field
          label={`Discount of ${name}`}
          value={wish.discount}
          is={typeMoney(line.discount_now)}
          isRight={isMoney}
          onChange={(discount) => set({ ...wish, discount })}
        />
      </td>
      <td className={look.right}>
        <div>
          <Money of={after} />
        </div>
        {isTouched ? (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Leave ${name} as it is`}
            onClick={() => set({})}
          >
            Undo
          </Button>
        ) : (
          !isGone && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={`Remove ${name}`}
              onClick={() => set({ quantity: '0' })}
            >
              Remove
            </Button>
          )
        )}
      </td>
    </tr>
  );
}

function AddedRow({
  of,
  after,
  currency,
  isListed,
  set,
  drop,
}: {
  of: Added;
  after: Schemas['Money'] | undefined;
  currency: string;
  isListed: boolean;
  set: (to: Partial<Added>) => void;
  drop: () => void;
}) {
  const name = of.title || of.sku;
  return (
    <tr className={look.cell}>
      <td>
        <b>{name}</b>
        <div className={`${look.faint} ${look.small}`}>{of.sku} · added</div>
      </td>
      <td data-name="Units">
        <Field
          label={`Units of ${name}, added`}
          value={of.quantity}
          is=""
          isRight={(text) => (readUnits(text) ?? 0) > 0}
          onChange={(quantity) => set({ quantity: quantity ?? '' })}
        />
      </td>
      <td data-name="Price">
        <Field
          label={`Price of ${name}, added`}
          value={of.price}
          is=""
          isRight={(text) =>
            (isListed && text.trim() === '') || readMoney(text, currency || 'EUR') !== null
          }
          onChange={(price) => set({ price: price ?? '' })}
        />
      </td>
      <td className={look.roomy} />
      <td className={look.right}>
        <div>{after && <Money of={after} />}</div>
        <Button size="compact-xs" variant="subtle" aria-label={`Do not add ${name}`} onClick={drop}>
          Undo
        </Button>
      </td>
    </tr>
  );
}

function AddedRows({
  lines,
  currency,
  isListed = false,
  afterOf,
  set,
}: {
  lines: Added[];
  currency: string;
  isListed?: boolean;
  afterOf: (i: number) => Schemas['Money'] | undefined;
  set: (to: Added[]) => void;
}) {
  return lines.map((one, i) => (
    <AddedRow
      key={one.key}
      of={one}
      after={afterOf(i)}
      currency={currency}
      isListed={isListed}
      set={(to) => set(lines.map((was) => (was.key === one.key ? { ...was, ...to } : was)))}
      drop={() => set(lines.filter((was) => was.key !== one.key))}
    />
  ));
}

const added = (sku: Schemas['Sku']): Added => ({
  key: newKey(),
  sku: sku.code,
  title: sku.title,
  quantity: '1',
  price: '',
});

// Lines of an order that is not placed; a price may come from a company's list.
export function AddedLines({
  lines,
  currency,
  isListed,
  totalOf,
  set,
}: {
  lines: Added[];
  currency: string;
  isListed?: boolean;
  totalOf: (i: number) => Schemas['Money'] | undefined;
  set: (to: Added[]) => void;
}) {
  return (
    <Card
      title="Lines"
      aside={currency && <span className={look.faint}>Amounts in {currency}</span>}
      isFlush
    >
      {lines.length > 0 && (
        <table className={`${look.table} ${e.lines}`}>
          <thead>
            <tr>
              <th>Item</th>
              <th>Units</th>
              <th>Price</th>
              <th>{isListed ? 'Empty: as listed' : ''}</th>
              <th className={look.right}>Total</th>
            </tr>
          </thead>
          <tbody>
            <AddedRows
              lines={lines}
              currency={currency}
              isListed={isListed}
              afterOf={totalOf}
              set={set}
            />
          </tbody>
        </table>
      )}
      <div className={e.add}>
        <SkuField label="Add an item" onFound={(sku) => set([...lines, added(sku)])} />
      </div>
    </Card>
  );
}

export function EditLines({
  order,
  wish,
  set,
  totalOf,
}: {
  order: Order;
  wish: Wish;
  set: (to: Partial<Wish>) => void;
  totalOf: (n: number) => Schemas['Money'] | undefined;
}) {
  return (
    <Card
      title="Lines"
      aside={<span className={look.faint}>Amounts in {order.currency}</span>}
      isFlush
    >
      <table className={`${look.table} ${e.lines}`}>
        <thead>
          <tr>
            <th>Item</th>
            <th>Units</th>
            <th>Price</th>
            <th>Discount</th>
            <th className={look.right}>Total</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <LineRow
              key={line.n}
              line={line}
              wish={wish.lines[line.n] ?? {}}
              after={totalOf(line.n) ?? line.total_now}
              set={(to) => set({ lines: { ...wish.lines, [line.n]: to } })}
            />
          ))}
          <AddedRows
            lines={wish.added}
            currency={order.currency}
            afterOf={(i) => totalOf(order.lines.length + 1 + i)}
            set={(to) => set({ added: to })}
          />
        </tbody>
      </table>
      <div className={e.add}>
        <SkuField
          label="Add an item"
          onFound={(sku) => set({ added: [...wish.added, added(sku)] })}
        />
      </div>
    </Card>
  );
}
