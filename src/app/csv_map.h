/* csv_map.h - a mapping file: which column of a CSV feeds which field.
 *
 * A mapping turns rows into the JSON bodies of the API, so that an import is
 * checked by the same decoders and runs the same commands. Pure: no store, no
 * files. docs/import.md shows mappings whole.
 */
#ifndef WHARF_APP_CSV_MAP_H
#define WHARF_APP_CSV_MAP_H

#include "base/base.h"

enum map_target {
    MAP_CHANNELS = 0,
    MAP_LOCATIONS,
    MAP_PRODUCTS,
    MAP_SKUS,
    MAP_CUSTOMERS,
    MAP_STOCK,        /* Sets what is on hand. */
    MAP_STOCK_CHANGE, /* Changes it by a delta. */
    MAP_EXPECTED,     /* Expected receipts. */
    MAP_BINS,         /* Where SKUs lie. */
    MAP_ORDERS,
    MAP_TARGETS
};
const char *map_target_name(enum map_target target); /* "skus" */

enum map_type {
    MAP_TEXT = 0,
    MAP_INTEGER,
    MAP_DECIMAL, /* Times its factor, then whole. */
    MAP_MONEY,
    MAP_BOOL,
    MAP_TIME,
    MAP_DATE,
    MAP_TYPES
};

enum {
    MAP_BYTES = 256 * 1024, /* Of a mapping file. */
    MAP_FIELDS = 100,
    MAP_PATH_PARTS = 4,
    MAP_GROUP_ROWS = 1000, /* Rows of one order. */
    MAP_CELL_BYTES = 64 * 1024
};

struct map_word { /* A cell and what it stands for. */
    str from, to;
};
struct map_field {
    str path;      /* "lines[].sku" */
    str column;    /* Name in the first line; empty: the constant below. */
    size_t at;     /* Where that column stands. */
    str constant;  /* As JSON. */
    str otherwise; /* For an empty cell; has_otherwise. */
    bool has_otherwise, is_upper, is_lower, is_kept_whole, is_rounded;
    enum map_type type;
    int64_t factor_num, factor_den;
    char currency[4]; /* MAP_MONEY */
    str format;       /* Of times: "dd.MM.yyyy HH:mm"; empty: ISO. */
    struct map_word *words;
    size_t word_count;
};
struct csv_map {
    enum map_target target;
    char separator, decimal;
    str encoding; /* Empty: that of the call, or auto. */
    str zone;
    str group; /* Rows with the same cell are one body; empty: each its own. */
    size_t group_at;
    bool has_group;
    struct map_field *fields;
    size_t field_count;
    size_t column_count; /* Of the file, by csv_map_bind(). */
};

/* Reads a mapping file. Strings in ctx->arena. Fails with ERR_MALFORMED or
 * ERR_INVALID and the path in it. */
MUST_USE err_t csv_map_read(struct ctx *ctx, str text, struct csv_map *ret);
/* Finds the columns by the first line. Fails with slug "column_missing". */
MUST_USE err_t csv_map_bind(struct ctx *ctx, struct csv_map *map,
                            const str *cells, size_t count);

struct map_row {
    const str *cells;
    size_t count;
};
/* The body that some rows (one, unless the map groups) make, in the arena.
 * Fails with ERR_INVALID and the column as field: number_invalid,
 * time_invalid, value_unknown, row_columns, cell_too_long. */
MUST_USE err_t csv_map_body(struct ctx *ctx, const struct csv_map *map,
                            const struct map_row *rows, size_t count, str *ret);
/* The value of one cell as JSON; *ret is empty where the field is left out. */
MUST_USE err_t csv_map_value(struct ctx *ctx, const struct csv_map *map,
                             const struct map_field *field, str cell, str *ret);

#endif
