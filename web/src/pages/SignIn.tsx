import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../api/client';
import { useSession } from '../session';
import c from './SignIn.module.css';

function sentence(error: unknown): string {
  if (!(error instanceof ProblemError)) return 'The server cannot be reached. Try again.';
  const { status } = error.problem;
  if (status === 401) return 'This e-mail and password do not belong together.';
  if (status === 429) return `Too many tries. ${error.message}`;
  return error.message;
}

// Also what stands over a page whose session has ended: then `email` is known.
export function SignInForm({ email: known = '' }: { email?: string }) {
  const { signIn } = useSession();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      await signIn(email.trim(), password);
    } catch (failure) {
      setError(sentence(failure));
      setBusy(false);
    }
  }

  return (
    <form className={c.form} onSubmit={submit}>
      <TextInput
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus={known ? undefined : true}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        data-autofocus={known ? true : undefined}
      />
      {error && (
        <p className={c.error} role="alert">
          {error}
        </p>
      )}
      <Button type="submit" loading={isBusy} fullWidth>
        Sign in
      </Button>
    </form>
  );
}

export function SignIn() {
  return (
    <main className={c.page}>
      <div className={c.box}>
        <div className={c.mark} aria-hidden="true">
          W
        </div>
        <h1>Sign in to Wharf</h1>
        <SignInForm />
        <p className={c.hint}>
          People are added by an admin. The first one is made with{' '}
          <code>wharf user create --role admin</code>.
        </p>
      </div>
    </main>
  );
}
