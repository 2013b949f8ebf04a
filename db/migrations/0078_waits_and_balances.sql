-- What the books are in is one decision, in one row. Captures from before it get
-- what they are worth a while after it, payment by payment: walk_after is the
-- last one that was seen; none: there is nothing to walk.

-- step: fx_books
CREATE TABLE IF NOT EXISTS fx_books (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    books TEXT NOT NULL CHECK (length(books) = 3),
    decided_at BIGINT NOT NULL,
    walk_after BIGINT
) -- sqlite: STRICT

-- step: fx_books_there
INSERT INTO fx_books (one, books, decided_at, walk_after)
SELECT 1, f.books, f.created_at, 0 FROM (
    SELECT books, created_at FROM fx_rates ORDER BY id LIMIT 1) f
WHERE NOT EXISTS (SELECT 1 FROM fx_books)

-- A capture for which no rate is recorded: since when one is wanted.
-- step: payment_exchanges_currency
-- only: sqlite
ALTER TABLE payment_exchanges ADD COLUMN currency TEXT CHECK (length(currency) = 3)

-- step: payment_exchanges_currency
-- only: postgres
ALTER TABLE payment_exchanges ADD COLUMN IF NOT EXISTS currency TEXT CHECK (length(currency) = 3)

-- step: payment_exchanges_wants_at
-- only: sqlite
ALTER TABLE payment_exchanges ADD COLUMN wants_at INTEGER

-- step: payment_exchanges_wants_at
-- only: postgres
ALTER TABLE payment_exchanges ADD COLUMN IF NOT EXISTS wants_at BIGINT

-- step: payment_exchanges_wanted
UPDATE payment_exchanges SET
    currency = (SELECT p.currency FROM payment_intents p
        WHERE p.id = payment_exchanges.intent_id),
    wants_at = (SELECT t.occurred_at FROM payment_transactions t
        WHERE t.intent_id = payment_exchanges.intent_id
            AND t.n = payment_exchanges.n AND t.type = 2)
WHERE is_open = 1 AND rate = 0

-- step: payment_exchanges_wants
CREATE INDEX IF NOT EXISTS payment_exchanges_wants ON payment_exchanges (currency, wants_at) WHERE wants_at IS NOT NULL

-- step: payment_exchanges_open
DROP INDEX IF EXISTS payment_exchanges_open

-- Currencies that money came in without a rate: what a person is told.
-- step: fx_waits
CREATE TABLE IF NOT EXISTS fx_waits (
    id BIGINT PRIMARY KEY,
    currency TEXT NOT NULL UNIQUE CHECK (length(currency) = 3),
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    changed_at BIGINT NOT NULL
) -- sqlite: STRICT

-- The journal by time, and what each day moved on each account: a balance is
-- the sum of days and of a part of one.
-- step: journal_entries_at
CREATE INDEX IF NOT EXISTS journal_entries_at ON journal_entries (at, id)

-- step: journal_days
CREATE TABLE IF NOT EXISTS journal_days (
    currency TEXT NOT NULL,
    account TEXT NOT NULL,
    day BIGINT NOT NULL,
    debit BIGINT NOT NULL CHECK (debit >= 0),
    credit BIGINT NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (currency, account, day)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: journal_days_there
INSERT INTO journal_days (currency, account, day, debit, credit)
SELECT e.currency, l.account, e.at / 86400000, SUM(l.debit), SUM(l.credit)
FROM journal_entries e
JOIN journal_lines l ON l.entry_id = e.id
WHERE NOT EXISTS (SELECT 1 FROM journal_days)
GROUP BY e.currency, l.account, e.at / 86400000

-- A dispute that was lost is entered from now on, also where it was before.
-- step: journal_again
UPDATE event_cursors SET xid = 0, id = 0 WHERE consumer = 'journal' AND EXISTS (SELECT 1 FROM payment_transactions WHERE type = 9)
