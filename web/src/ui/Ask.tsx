// Ask.tsx - a dialog of a few fields and one act.
import { Button, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { look } from './ui';

export function Ask({
  title,
  act,
  isBusy,
  isReady = true,
  isGrave = false,
  leave = 'Leave it',
  size,
  problem,
  onClose,
  onAct,
  children,
}: {
  title: string;
  act: string;
  isBusy: boolean;
  isReady?: boolean;
  isGrave?: boolean; // It cannot be taken back.
  leave?: string;
  size?: 'lg';
  problem: ReactNode;
  onClose: () => void;
  onAct: () => void;
  children: ReactNode;
}) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onAct();
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      lockScroll={false}
      closeOnClickOutside={size !== 'lg'} // Much is typed there.
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={look.dialog} onSubmit={submit}>
        {children}
        {problem}
        <div className={look.buttons}>
          <Button variant="default" onClick={onClose}>
            {leave}
          </Button>
          <Button
            type="submit"
            color={isGrave ? 'red.8' : undefined}
            loading={isBusy}
            disabled={!isReady}
          >
            {act}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

// What is shown once and never again.
export function Secret({
  title,
  text,
  onClose,
}: {
  title: string;
  text: string;
  onClose: () => void;
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      lockScroll={false}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={look.dialog}>
        <p>Keep it now: it is not shown again.</p>
        <div className={look.secret}>{text}</div>
        <div className={look.buttons}>
          <Button onClick={onClose}>I have it</Button>
        </div>
      </div>
    </Modal>
  );
}
