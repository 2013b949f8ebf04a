// toast.tsx - a line at the corner: what was done, or why not.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ProblemError } from '../api/client';
import { look } from './ui';

const CLOSE = { 'aria-label': 'Close this note' };
const UNDO_MS = 8000;

// With `undo`, what was done can be taken back from there.
export function told(message: string, undo?: () => void) {
  if (!undo) {
    notifications.show({ message, color: 'teal', closeButtonProps: CLOSE });
    return;
  }
  const id = notifications.show({
    message: (
      <span className={look.row}>
        {message}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
    color: 'teal',
    autoClose: UNDO_MS,
    closeButtonProps: CLOSE,
  });
}

export function refused(error: unknown) {
  const text =
    error instanceof ProblemError
      ? error.message
      : 'The server cannot be reached. Nothing was lost; try again.';
  notifications.show({ message: text, color: 'red', autoClose: 8000, closeButtonProps: CLOSE });
}
