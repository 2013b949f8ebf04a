/* manifest.c - what an export holds: manifest.json beside its files. */
#include "app/manifest.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

/* Rows first, then the log that names them, then who has read it. */
size_t manifest_table_count(void)
{
    return table_count + 2;
}

const struct table *manifest_table(size_t i)
{
    if (i < table_count)
        return &tables[i];
    return i == table_count ? &table_events : &table_cursors;
}

static const struct table *table_find(str name)
{
    for (size_t i = 0; i < manifest_table_count(); i++)
        if (str_equal_cstr(name, manifest_table(i)->name))
            return manifest_table(i);
    return NULL;
}

str manifest_file_name(struct arena *arena, const struct manifest_file *file)
{
    return str_printf(arena, "%s.%s", file->table->name,
                      file->is_csv ? "csv" : "jsonl");
}

void manifest_write(const struct manifest *manifest, struct buf *out)
{
    struct json_out json;
    json_out_init(&json, out);
    json_begin(&json, NULL);
    json_put_cstr(&json, "format", "wharf");
    json_put_i64(&json, "version", MANIFEST_VERSION);
    json_put_str(&json, "schema", manifest->schema);
    json_put_str(&json, "epoch", manifest->epoch);
    json_put_time(&json, "exported_at", manifest->exported_at);
    json_begin_list(&json, "files");
    for (size_t i = 0; i < manifest->count; i++) {
        const struct manifest_file *file = &manifest->files[i];
        json_begin(&json, NULL);
        json_put_cstr(&json, "table", file->table->name);
        json_put_cstr(&json, "kind", file->is_csv ? "csv" : "jsonl");
        json_put_i64(&json, "rows", file->rows);
        json_put_i64(&json, "bytes", file->bytes);
        json_put_cstr(&json, "sha256", file->sha256);
        json_end_object(&json);
    }
    json_end_list(&json);
    json_end_object(&json);
    buf_add_char(out, '\n');
}

static err_t read_file(struct json_in *in, struct manifest_file *ret)
{
    static const char *const kinds[] = {"jsonl", "csv"};
    str table, hash;
    int kind;
    TRY(json_get_str(in, "table", 1, LIMIT_CODE_BYTES, &table));
    TRY(json_get_enum(in, "kind", kinds, COUNT_OF(kinds), &kind));
    TRY(json_get_i64(in, "rows", 0, INT64_MAX, &ret->rows));
    TRY(json_get_i64(in, "bytes", 0, INT64_MAX, &ret->bytes));
    TRY(json_get_str(in, "sha256", 2 * MANIFEST_HASH_BYTES,
                     2 * MANIFEST_HASH_BYTES, &hash));
    ret->table = table_find(table);
    ret->is_csv = kind == 1;
    if (!ret->table)
        return json_fail(in, "table", ERR_INVALID, "table_unknown",
                         "%.*s is no table of this version: it was exported "
                         "by a newer one",
                         STR_ARG(table));
    memcpy(ret->sha256, hash.ptr, hash.len);
    return json_end(in);
}

static err_t read_head(struct json_in *in, struct manifest *ret)
{
    str format;
    int64_t version;
    TRY(json_get_str(in, "format", 1, LIMIT_CODE_BYTES, &format));
    if (!str_equal_cstr(format, "wharf"))
        return json_fail(in, "format", ERR_INVALID, "format_unknown",
                         "is no export of Wharf");
    TRY(json_get_i64(in, "version", 1, INT64_MAX, &version));
    if (version != MANIFEST_VERSION)
        return json_fail(in, "version", ERR_INVALID, "version_unknown",
                         "is of a newer version of the format");
    TRY(json_get_str(in, "schema", 0, LIMIT_NAME_BYTES, &ret->schema));
    TRY(json_get_str(in, "epoch", 0, LIMIT_CODE_BYTES, &ret->epoch));
    return json_opt_time(in, "exported_at", &ret->exported_at);
}

err_t manifest_read(struct ctx *ctx, str text, struct manifest *ret)
{
    struct json_in *in;
    struct json_list list;
    *ret = (struct manifest){.count = 0};
    TRY(json_parse(ctx, text, &in));
    TRY(read_head(in, ret));
    TRY(json_get_list(in, "files", 0, MANIFEST_FILES, &list));
    for (size_t i = 0; i < list.count; i++) {
        struct json_in *at;
        TRY(json_list_object(&list, i, &at));
        TRY(read_file(at, &ret->files[ret->count]));
        for (size_t j = 0; j < ret->count; j++)
            if (ret->files[j].table == ret->files[ret->count].table &&
                ret->files[j].is_csv == ret->files[ret->count].is_csv)
                return json_fail(in, "files", ERR_INVALID, "table_repeated",
                                 "names %s twice", ret->files[j].table->name);
        ret->count++;
    }
    return json_end(in);
}
