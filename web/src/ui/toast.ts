// toast.ts - a line at the corner: what was done, or why not.
import { notifications } from '@mantine/notifications';
import { ProblemError } from '../api/client';

const CLOSE = { 'aria-label': 'Close this note' };

export function told(message: string) {
  notifications.show({ message, color: 'teal', closeButtonProps: CLOSE });
}

export function refused(error: unknown) {
  const text =
    error instanceof ProblemError
      ? error.message
      : 'The server cannot be reached. Nothing was lost; try again.';
  notifications.show({ message: text, color: 'red', autoClose: 8000, closeButtonProps: CLOSE });
}
