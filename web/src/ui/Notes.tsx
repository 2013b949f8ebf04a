// Notes.tsx - what people wrote down of a thing, and one more.
import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useList } from './list';
import { useOnce } from './once';
import { Card, look, ProblemView, Time } from './ui';

export interface NoteOf {
  id: string;
  text: string;
  at: string;
  by?: string;
}

export function Notes({
  cacheKey,
  read,
  add,
}: {
  cacheKey: string[];
  read: (after?: string) => Promise<{ items: NoteOf[]; next: string | null }>;
  add?: (key: string, text: string) => Promise<unknown>;
}) {
  const [text, setText] = useState('');
  const { run, isBusy, problem } = useOnce(0, [cacheKey], () => setText(''));
  const { query, items } = useList(cacheKey, read);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (add) void run((key) => add(key, text.trim()), 'Noted');
  }
  return (
    <Card title="Notes">
      <div className={look.dialog}>
        {query.error && <ProblemView error={query.error} />}
        {items.map((note) => (
          <div key={note.id}>
            {note.text || <i className={look.faint}>Erased</i>}
            <div className={`${look.faint} ${look.small}`}>
              <Time at={note.at} />
              {note.by && ` · ${note.by}`}
            </div>
          </div>
        ))}
        {query.hasNextPage && (
          <Button size="xs" variant="default" onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        )}
        {add && (
          <form className={look.dialog} onSubmit={submit}>
            <Textarea
              aria-label="Note"
              placeholder="What others should know"
              maxLength={5000}
              rows={2}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {problem}
            <Button type="submit" variant="default" loading={isBusy} disabled={!text.trim()}>
              Add the note
            </Button>
          </form>
        )}
        {!add && items.length === 0 && <span className={look.faint}>Nothing is noted.</span>}
      </div>
    </Card>
  );
}
