/* import_test.h - reading a fixture whole, for the tests of the formats. */
#ifndef WHARF_CONNECT_CHANNEL_IMPORT_TEST_H
#define WHARF_CONNECT_CHANNEL_IMPORT_TEST_H

#define WHARF_UNBANNED
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/testing.h"
#include "connect/channel/import.h"

enum { FOUND_MAX = 64 };

struct found_order {
    err_t err;
    struct err_detail detail;
    struct import_order order;
};
struct found {
    const struct import_format *format;
    struct ctx ctx;
    struct found_order orders[FOUND_MAX];
    size_t order_count;
    str kinds[FOUND_MAX];
    size_t counts[FOUND_MAX];
    size_t kind_count;
};

static inline err_t found_order(struct ctx *ctx, json_any from, void *arg)
{
    struct found *found = arg;
    assert_true(found->order_count < FOUND_MAX);
    struct found_order *to = &found->orders[found->order_count++];
    to->err = found->format->read(ctx, from, &to->order);
    to->detail = ctx->err;
    err_clear(ctx);
    return OK;
}

static inline err_t found_skip(struct ctx *ctx, str kind, size_t count,
                               void *arg)
{
    struct found *found = arg;
    size_t i = 0;
    (void)ctx;
    while (i < found->kind_count && !str_equal(found->kinds[i], kind))
        i++;
    assert_true(i < FOUND_MAX);
    if (i == found->kind_count)
        found->kinds[found->kind_count++] = kind;
    found->counts[i] += count;
    return OK;
}

/* Everything in that text; the documents stay open until the process ends. */
static inline struct found *found_open(const struct import_format *format,
                                       str text)
{
    struct found *found = calloc(1, sizeof *found);
    const struct import_sink sink = {found, found_order, found_skip};
    found->format = format;
    found->ctx.arena = arena_open();
    for (;;) {
        json_any document;
        assert_int_equal(json_any_parse(&found->ctx, &text, &document), OK);
        if (!document.node)
            return found;
        assert_int_equal(format->walk(&found->ctx, document, &sink), OK);
        json_any_close(document);
    }
}

/* testdata/NAME beside the test, from the build's folder or the root. */
static inline FILE *fixture_open(const char *test_file, const char *name)
{
    char path[512];
    const char *slash = strrchr(test_file, '/');
    int dir = slash ? (int)(slash - test_file) : 0;
    snprintf(path, sizeof path, "%.*s/testdata/%s", dir, test_file, name);
    FILE *file = fopen(path, "rb");
    const char *from_root = strstr(path, "src/");
    if (!file && from_root)
        file = fopen(from_root, "rb");
    return file;
}

static inline struct found *found_open_file(const struct import_format *format,
                                            const char *test_file,
                                            const char *name)
{
    static char text[64 * 1024];
    FILE *file = fixture_open(test_file, name);
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_true(len < sizeof text);
    return found_open(format, (str){text, len});
}

static inline void found_close(struct found *found)
{
    arena_close(found->ctx.arena);
    free(found);
}

static inline size_t found_skipped(const struct found *found, const char *kind)
{
    for (size_t i = 0; i < found->kind_count; i++)
        if (str_equal_cstr(found->kinds[i], kind))
            return found->counts[i];
    return 0;
}

static inline const struct found_order *found_named(const struct found *found,
                                                    const char *name)
{
    for (size_t i = 0; i < found->order_count; i++)
        if (str_equal_cstr(found->orders[i].order.name, name))
            return &found->orders[i];
    fail_msg("no order %s", name);
    UNREACHABLE("fail_msg does not return");
}

static inline void assert_refused(const struct found *found, const char *name,
                                  const char *slug, const char *field)
{
    const struct found_order *at = found_named(found, name);
    assert_int_equal(at->err, ERR_INVALID);
    assert_string_equal(at->detail.slug, slug);
    assert_string_equal(at->detail.field, field);
}

static inline const struct import_order *assert_read(const struct found *found,
                                                     const char *name)
{
    const struct found_order *at = found_named(found, name);
    if (at->err != OK)
        fail_msg("%s: %s: %s", name, at->detail.field, at->detail.text);
    return &at->order;
}

#endif
