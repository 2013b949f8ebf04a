/* pg_error.c - what a SQLSTATE means for the transaction and the link. */
#include "store/pg_engine.h"

#include <string.h>

static bool is_class(const char *sqlstate, const char *head)
{
    return strncmp(sqlstate, head, strlen(head)) == 0;
}

static bool is_any(const char *sqlstate, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(sqlstate, list[i]) == 0)
            return true;
    return false;
}

enum pg_class pg_classify(const char *sqlstate)
{
    static const char *const retry[] = {
        "40001", /* serialization_failure */
        "40P01", /* deadlock_detected */
        "55P03", /* lock_not_available */
    };
    static const char *const link[] = {
        "57P01", /* admin_shutdown */
        "57P02", /* crash_shutdown */
        "57P03", /* cannot_connect_now */
        "57P04", /* database_dropped */
        "57P05", /* idle_session_timeout */
        "25006", /* read only: the old primary after a failover */
        "25P03", /* idle_in_transaction_session_timeout */
        "53300", /* too_many_connections, as Citus passes it on */
        "26000", /* a pooler lost our prepared statements */
        "42P05", /* one is there whose answer did not come */
    };

    if (is_class(sqlstate, "08") || is_any(sqlstate, link, COUNT_OF(link)))
        return PG_LINK;
    if (is_any(sqlstate, retry, COUNT_OF(retry)))
        return PG_RETRY;
    if (strcmp(sqlstate, "23505") == 0)
        return PG_UNIQUE;
    if (is_class(sqlstate, "23"))
        return PG_CONSTRAINT;
    if (strcmp(sqlstate, "53100") == 0 || is_class(sqlstate, "58"))
        return PG_FULL;
    if (is_class(sqlstate, "53") || strcmp(sqlstate, "57014") == 0)
        return PG_SLOW;
    return PG_OTHER;
}

static const char *stmt_name(const struct pg_conn *conn, int stmt)
{
    if (stmt < 0 || !conn->tx.list)
        return "command";
    return conn->tx.list->at[stmt].name;
}

static const char *field_of(const PGresult *result, int field)
{
    const char *text = PQresultErrorField(result, field);
    return text ? text : "";
}

err_t pg_fail(struct ctx *ctx, struct pg_conn *conn, int stmt,
              const PGresult *result)
{
    const char *name = stmt_name(conn, stmt);
    const char *state = result ? field_of(result, PG_DIAG_SQLSTATE) : "";
    const char *text = result ? field_of(result, PG_DIAG_MESSAGE_PRIMARY) : "";

    conn->is_failed = true;
    (void)snprintf(conn->state, sizeof(conn->state), "%s", state);
    /* An error of libpq itself carries no SQLSTATE: the link broke. */
    if (state[0] == '\0' || !conn->link) {
        pg_link_drop(conn);
        return fail(ctx, ERR_RETRY, "", "%s: the link to the database broke",
                    name);
    }
    switch (pg_classify(state)) {
    case PG_RETRY:
        conn->is_lost = true;
        return fail(ctx, ERR_RETRY, "", "%s: %s %s", name, state, text);
    case PG_LINK:
        pg_link_drop(conn);
        return fail(ctx, ERR_RETRY, "", "%s: %s %s", name, state, text);
    case PG_UNIQUE:
        return fail_as(ctx, ERR_CONFLICT, "unique", "", "%s: %s", name,
                       field_of(result, PG_DIAG_CONSTRAINT_NAME));
    case PG_CONSTRAINT:
        return fail_as(ctx, ERR_INTERNAL, "constraint", "", "%s: %s", name,
                       text);
    case PG_FULL:
        conn->tx.is_gone = true;
        return fail(ctx, ERR_BUSY, "", "%s: %s %s", name, state, text);
    case PG_SLOW:
        return fail(ctx, ERR_BUSY, "", "%s: %s %s", name, state, text);
    case PG_OTHER: break;
    }
    return fail(ctx, ERR_INTERNAL, "", "%s: %s %s", name, state, text);
}
