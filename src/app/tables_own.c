/* tables_own.c - the event log and its cursors, which differ by engine. */
#include "app/export_sql.h"
#include "app/tables.h"
#include "base/base.h"

static const struct table_column event_columns[] = {
    {"id",           'i', NULL, TABLE_SHOWN},
    {"at",           'i', NULL, TABLE_SHOWN},
    {"type",         't', NULL, TABLE_SHOWN},
    {"subject_kind", 't', NULL, TABLE_SHOWN},
    {"subject_id",   'i', NULL, TABLE_SHOWN},
    {"actor_kind",   'i', NULL, TABLE_SHOWN},
    {"actor_id",     'i', NULL, TABLE_SHOWN},
    {"data",         'j', NULL, TABLE_SHOWN},
};
static const struct table_column cursor_columns[] = {
    {"consumer", 't', NULL, TABLE_SHOWN},
    {"id",       'i', NULL, TABLE_SHOWN},
};

const struct table table_events = {
    "events",      SQL_EXPORT_EVENTS,       SQL_RESTORE_EVENTS,
    event_columns, COUNT_OF(event_columns), false,
    false};
const struct table table_cursors = {"event_cursors",
                                    SQL_EXPORT_CURSORS,
                                    SQL_RESTORE_CURSORS,
                                    cursor_columns,
                                    COUNT_OF(cursor_columns),
                                    false,
                                    true};
