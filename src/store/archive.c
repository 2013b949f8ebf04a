/* archive.c - writes the file of a backup. */
#include "store/archive.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "store/archive_int.h"

enum { PACK_LEVEL = 1 /* Three times as fast as 6, a tenth larger. */ };

const char archive_magic[] = "WHARFBAK";

struct archive_out {
    FILE *file;
    char *path, *part;
    bool is_named; /* The part has gone. */
    unsigned char *packed;
    unsigned char hash[ARCHIVE_HASH_BYTES];
    struct archive_totals totals;
    int64_t size;
};

void archive_u32_put(unsigned char *at, uint32_t value)
{
    for (int i = 3; i >= 0; i--) {
        at[i] = (unsigned char)value;
        value >>= 8;
    }
}

uint32_t archive_u32_get(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

void archive_chain(unsigned char hash[ARCHIVE_HASH_BYTES], const void *a,
                   size_t a_len, const void *b, size_t b_len)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, ARCHIVE_HASH_BYTES);
    (void)crypto_generichash_update(&state, hash, ARCHIVE_HASH_BYTES);
    (void)crypto_generichash_update(&state, a, a_len);
    (void)crypto_generichash_update(&state, b, b_len);
    (void)crypto_generichash_final(&state, hash, ARCHIVE_HASH_BYTES);
}

static err_t exists(struct ctx *ctx, const char *path)
{
    return fail_as(ctx, ERR_STATE, "archive_exists", "", "%s is there already",
                   path);
}

static err_t unwritable(struct ctx *ctx, const char *path, int why)
{
    return fail_as(ctx, ERR_STATE, "archive_unwritable", "", "%s: %s", path,
                   why == EWOULDBLOCK ? "another backup is written there"
                                      : strerror(why));
}

static err_t put_bytes(struct ctx *ctx, struct archive_out *out,
                       const void *bytes, size_t len)
{
    if (fwrite(bytes, 1, len, out->file) != len)
        return unwritable(ctx, out->part, errno);
    out->size += (int64_t)len;
    return OK;
}

static err_t put_head(struct ctx *ctx, struct archive_out *out,
                      const struct archive_head *head)
{
    struct buf text;
    unsigned char front[ARCHIVE_FRONT_BYTES];
    buf_init(&text, ctx->arena, ARCHIVE_HEAD_BYTES);
    buf_addf(&text, "engine %s\nepoch %.*s\nat %lld\nversion %.*s\n",
             head->engine == STORE_SQLITE ? "sqlite" : "postgres",
             STR_ARG(head->epoch), (long long)head->at, STR_ARG(head->version));
    for (size_t i = 0; i < head->step_count; i++)
        buf_addf(&text, "step %.*s\n", STR_ARG(head->steps[i]));
    ASSERT(!text.is_full);
    memcpy(front, archive_magic, ARCHIVE_MAGIC_BYTES);
    archive_u32_put(front + ARCHIVE_MAGIC_BYTES, ARCHIVE_FORMAT);
    archive_u32_put(front + ARCHIVE_MAGIC_BYTES + 4, (uint32_t)text.len);
    archive_chain(out->hash, front, sizeof front, text.ptr, text.len);
    TRY(put_bytes(ctx, out, front, sizeof front));
    TRY(put_bytes(ctx, out, text.ptr, text.len));
    return put_bytes(ctx, out, out->hash, sizeof out->hash);
}

static char *copy_cstr(const char *text, const char *more)
{
    size_t len = strlen(text), more_len = strlen(more);
    char *copy = mem_new(len + more_len + 1);
    memcpy(copy, text, len);
    memcpy(copy + len, more, more_len + 1);
    return copy;
}

static void out_free(struct archive_out *out)
{
    if (out->file)
        (void)fclose(out->file);
    mem_free(out->path);
    mem_free(out->part);
    mem_free(out->packed);
    mem_free(out);
}

void archive_abandon(struct archive_out *out)
{
    if (!out)
        return;
    if (!out->is_named)
        (void)unlink(out->part);
    out_free(out);
}

err_t archive_create(struct ctx *ctx, const char *path,
                     const struct archive_head *head, struct archive_out **ret)
{
    struct archive_out *out = mem_new(sizeof *out);
    out->path = copy_cstr(path, "");
    out->part = copy_cstr(path, ".part");
    out->packed = mem_new(ARCHIVE_PACKED_MAX);
    int fd = -1, why = file_part_open(out->part, &fd);
    if (why != 0) {
        err_t err = unwritable(ctx, out->part, why);
        out_free(out);
        return err;
    }
    out->file = fdopen(fd, "wb");
    struct stat found;
    err_t err =
        lstat(path, &found) == 0 ? exists(ctx, path) : put_head(ctx, out, head);
    if (err != OK) {
        archive_abandon(out);
        return err;
    }
    *ret = out;
    return OK;
}

static err_t put_record(struct ctx *ctx, struct archive_out *out,
                        enum archive_kind kind, str bytes)
{
    unsigned char head[ARCHIVE_RECORD_HEAD_BYTES];
    uLongf packed = ARCHIVE_PACKED_MAX;
    int code = compress2(out->packed, &packed, (const Bytef *)bytes.ptr,
                         bytes.len, PACK_LEVEL);
    ASSERT(code == Z_OK);
    archive_u32_put(head, kind);
    archive_u32_put(head + 4, (uint32_t)bytes.len);
    archive_u32_put(head + 8, (uint32_t)packed);
    archive_chain(out->hash, head, sizeof head, out->packed, packed);
    TRY(put_bytes(ctx, out, head, sizeof head));
    TRY(put_bytes(ctx, out, out->packed, packed));
    return put_bytes(ctx, out, out->hash, sizeof out->hash);
}

err_t archive_put(struct ctx *ctx, struct archive_out *out,
                  enum archive_kind kind, str bytes)
{
    ASSERT(bytes.len <= ARCHIVE_RECORD_BYTES && kind != ARCHIVE_END);
    TRY(put_record(ctx, out, kind, bytes));
    out->totals.records++;
    out->totals.bytes += (int64_t)bytes.len;
    return OK;
}

static err_t finish(struct ctx *ctx, struct archive_out *out, utc_ms at)
{
    out->totals.at = at;
    str text =
        str_printf(ctx->arena, "%lld %lld %lld", (long long)out->totals.records,
                   (long long)out->totals.bytes, (long long)at);
    TRY(put_record(ctx, out, ARCHIVE_END, text));
    if (fflush(out->file) != 0 || fsync(fileno(out->file)) != 0)
        return unwritable(ctx, out->part, errno);
    int why = file_name_new(out->part, out->path);
    if (why != 0)
        return why == EEXIST ? exists(ctx, out->path)
                             : unwritable(ctx, out->path, why);
    out->is_named = true;
    why = file_sync_folder(out->path);
    return why == 0 ? OK : unwritable(ctx, out->path, why);
}

err_t archive_finish(struct ctx *ctx, struct archive_out *out, utc_ms at,
                     struct archive_totals *ret)
{
    err_t err = finish(ctx, out, at);
    *ret = out->totals;
    archive_abandon(out);
    return err;
}

int64_t archive_size(const struct archive_out *out)
{
    return out->size;
}
