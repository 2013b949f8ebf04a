// commands.ts - what can be done on the page one is on, for the palette.
//
// What a page offers are its buttons and the items of its menus. The buttons
// are asked as they stand, so none is forgotten and none is offered that is not
// there; the items of a menu that is shut are told by the page.
import { useEffect } from 'react';

export interface Command {
  name: string;
  about: string; // What it is done to, or where it stands.
  run: () => void;
}

const told = new Set<Command[]>();

// Told as long as the page shows them; keep the list the same while it is.
export function useCommands(commands: Command[]) {
  useEffect(() => {
    told.add(commands);
    return () => {
      told.delete(commands);
    };
  }, [commands]);
}

const NAME_MAX = 60;
const BUTTONS = 'button, a[class*="Button-root"]';
// Rows have acts of their own, tabs and switches are no acts, and a menu is
// told by the page.
const NOT =
  'tr *, [role="row"] *, [role="dialog"] *, nav *, [aria-pressed], [aria-haspopup], :disabled';

const nameOf = (button: Element): string =>
  (button.getAttribute('aria-label') ?? button.textContent ?? '').trim();
const placeOf = (button: Element): string =>
  button.closest('section[aria-label]')?.getAttribute('aria-label') ?? '';

function buttonsOf(main: Element): HTMLElement[] {
  return [...main.querySelectorAll<HTMLElement>(BUTTONS)].filter(
    (one) => !one.matches(NOT) && one.offsetParent !== null,
  );
}

// As they are now. A button that was drawn anew meanwhile is found again.
export function commandsNow(): Command[] {
  const main = document.getElementById('main');
  const title = main?.querySelector('h1')?.textContent ?? '';
  const found = new Map<string, Command>();
  for (const button of main ? buttonsOf(main) : []) {
    const [name, place] = [nameOf(button), placeOf(button)];
    const id = `${name} ${place}`;
    if (name.length < 2 || name.length > NAME_MAX || found.has(id)) continue;
    found.set(id, {
      name,
      about: place || title,
      run: () => {
        const now = button.isConnected
          ? button
          : main && buttonsOf(main).find((one) => nameOf(one) === name && placeOf(one) === place);
        if (now) now.click();
      },
    });
  }
  return [...found.values(), ...[...told].flat()];
}
