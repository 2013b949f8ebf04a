// Rank.tsx - a list in the order that counts: dragged, or moved by the arrow
// keys while its grip has the focus.
import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import c from './Rank.module.css';

export function Rank<T>({
  of,
  keyOf,
  nameOf,
  isFixed,
  onMove,
  children,
}: {
  of: T[];
  keyOf: (one: T) => string;
  nameOf: (one: T) => string;
  isFixed: boolean;
  onMove: (next: T[]) => void;
  children: (one: T, at: number) => ReactNode;
}) {
  const [held, setHeld] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  function move(from: number, to: number) {
    const one = of[from];
    if (one === undefined || to < 0 || to >= of.length || from === to) return;
    const next = of.toSpliced(from, 1).toSpliced(to, 0, one);
    setSaid(`${nameOf(one)} is number ${to + 1} of ${of.length}`);
    onMove(next);
  }
  function onKeyDown(event: KeyboardEvent, at: number) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(at, at + by);
  }
  // Where it is let go; a drag that is given up moves nothing.
  function drop(event: DragEvent, at: number) {
    event.preventDefault();
    if (held !== null) move(held, at);
  }
  function end() {
    setHeld(null);
    setOver(null);
  }
  return (
    <>
      <ol className={c.rank}>
        {of.map((one, at) => (
          <li
            key={keyOf(one)}
            data-over={over === at && held !== at}
            draggable={!isFixed}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setHeld(at);
            }}
            onDragOver={(event) => {
              if (held === null) return;
              event.preventDefault();
              setOver(at);
            }}
            onDrop={(event) => drop(event, at)}
            onDragEnd={end}
          >
            {isFixed ? (
              <span className={c.number}>{at + 1}</span>
            ) : (
              <button
                type="button"
                className={c.grip}
                aria-label={`${nameOf(one)}, number ${at + 1}; arrow keys move it`}
                onKeyDown={(event) => onKeyDown(event, at)}
              >
                <span aria-hidden="true">⠿</span> {at + 1}
              </button>
            )}
            {children(one, at)}
          </li>
        ))}
      </ol>
      <span className="sr-only" role="status">
        {said}
      </span>
    </>
  );
}
