/* archive_in.c - reads the file of a backup, and believes nothing of it. */
#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/archive_int.h"

struct archive_in {
    FILE *file;
    unsigned char *packed, *bytes;
    unsigned char hash[ARCHIVE_HASH_BYTES];
    struct archive_totals seen;
    bool is_over;
};

static err_t damaged(struct ctx *ctx, const char *what)
{
    return fail_as(ctx, ERR_INVALID, "archive_damaged", "",
                   "the backup is damaged: %s", what);
}

static err_t get_bytes(struct ctx *ctx, struct archive_in *in, void *ret,
                       size_t len)
{
    if (fread(ret, 1, len, in->file) == len)
        return OK;
    return fail_as(ctx, ERR_INVALID, "archive_cut", "",
                   "the backup is cut off: its end is missing");
}

static err_t check_hash(struct ctx *ctx, struct archive_in *in)
{
    unsigned char stored[ARCHIVE_HASH_BYTES];
    TRY(get_bytes(ctx, in, stored, sizeof stored));
    if (memcmp(stored, in->hash, sizeof stored) != 0)
        return damaged(ctx, "a checksum is wrong");
    return OK;
}

/* One "name value" of the head. */
static bool read_line(str line, struct archive_head *head, str *steps)
{
    str value, name = str_split(line, ' ', &value);
    if (str_equal_cstr(name, "engine")) {
        bool is_sqlite = str_equal_cstr(value, "sqlite");
        head->engine = is_sqlite ? STORE_SQLITE : STORE_POSTGRES;
        return is_sqlite || str_equal_cstr(value, "postgres");
    }
    if (str_equal_cstr(name, "at"))
        return str_to_i64(value, &head->at);
    if (str_equal_cstr(name, "epoch"))
        head->epoch = value;
    else if (str_equal_cstr(name, "version"))
        head->version = value;
    else if (!str_equal_cstr(name, "step"))
        return false;
    else if (head->step_count == ARCHIVE_STEPS_MAX)
        return false;
    else
        steps[head->step_count++] = value;
    return true;
}

static err_t read_head(struct ctx *ctx, struct archive_in *in,
                       struct archive_head *ret)
{
    unsigned char front[ARCHIVE_FRONT_BYTES];
    if (fread(front, 1, sizeof front, in->file) != sizeof front ||
        memcmp(front, archive_magic, ARCHIVE_MAGIC_BYTES) != 0)
        return fail_as(ctx, ERR_INVALID, "archive_foreign", "",
                       "this is not a backup of Wharf");
    uint32_t format = archive_u32_get(front + ARCHIVE_MAGIC_BYTES);
    uint32_t len = archive_u32_get(front + ARCHIVE_MAGIC_BYTES + 4);
    if (format != ARCHIVE_FORMAT)
        return fail_as(ctx, ERR_INVALID, "archive_newer", "",
                       "format %u is not known here: a newer Wharf made it",
                       (unsigned)format);
    if (len > ARCHIVE_HEAD_BYTES)
        return damaged(ctx, "its head is too long");
    char *text = arena_alloc_raw(ctx->arena, len + 1);
    TRY(get_bytes(ctx, in, text, len));
    archive_chain(in->hash, front, sizeof front, text, len);
    TRY(check_hash(ctx, in));
    struct archive_head head = {.step_count = 0};
    str *steps = arena_array(ctx->arena, str, ARCHIVE_STEPS_MAX);
    str rest = {text, len};
    while (rest.len > 0)
        if (!read_line(str_split(rest, '\n', &rest), &head, steps))
            return damaged(ctx, "its head is not understood");
    head.steps = steps;
    if (head.engine == 0 || head.epoch.len == 0)
        return damaged(ctx, "its head is not whole");
    *ret = head;
    return OK;
}

err_t archive_open(struct ctx *ctx, FILE *file, struct archive_head *ret_head,
                   struct archive_in **ret)
{
    struct archive_in *in = mem_new(sizeof *in);
    in->file = file;
    in->packed = mem_new(ARCHIVE_PACKED_MAX);
    in->bytes = mem_new(ARCHIVE_RECORD_BYTES);
    err_t err = read_head(ctx, in, ret_head);
    if (err != OK) {
        archive_close(in);
        return err;
    }
    *ret = in;
    return OK;
}

static err_t check_end(struct ctx *ctx, struct archive_in *in, str text)
{
    int64_t records, bytes;
    str rest = text;
    if (!str_to_i64(str_split(rest, ' ', &rest), &records) ||
        !str_to_i64(str_split(rest, ' ', &rest), &bytes) ||
        !str_to_i64(rest, &in->seen.at))
        return damaged(ctx, "its end is not understood");
    if (records != in->seen.records || bytes != in->seen.bytes)
        return damaged(ctx, "its end counts other records");
    if (fgetc(in->file) != EOF)
        return damaged(ctx, "something follows its end");
    in->is_over = true;
    return OK;
}

err_t archive_next(struct ctx *ctx, struct archive_in *in,
                   struct archive_record *ret)
{
    unsigned char head[ARCHIVE_RECORD_HEAD_BYTES];
    ASSERT(!in->is_over);
    TRY(get_bytes(ctx, in, head, sizeof head));
    uint32_t kind = archive_u32_get(head), len = archive_u32_get(head + 4);
    uint32_t packed = archive_u32_get(head + 8);
    if (len > ARCHIVE_RECORD_BYTES || packed > ARCHIVE_PACKED_MAX ||
        kind < ARCHIVE_DATA || kind > ARCHIVE_END)
        return damaged(ctx, "a record is not one we write");
    TRY(get_bytes(ctx, in, in->packed, packed));
    archive_chain(in->hash, head, sizeof head, in->packed, packed);
    TRY(check_hash(ctx, in));
    uLongf unpacked = ARCHIVE_RECORD_BYTES;
    if (uncompress(in->bytes, &unpacked, in->packed, packed) != Z_OK ||
        unpacked != len)
        return damaged(ctx, "a record does not unpack");
    struct archive_record record = {
        (enum archive_kind)kind, {(const char *)in->bytes, len}
    };
    if (record.kind == ARCHIVE_END) {
        TRY(check_end(ctx, in, record.bytes));
    } else {
        in->seen.records++;
        in->seen.bytes += len;
    }
    *ret = record;
    return OK;
}

struct archive_totals archive_totals(const struct archive_in *in)
{
    return in->seen;
}

void archive_close(struct archive_in *in)
{
    if (!in)
        return;
    mem_free(in->packed);
    mem_free(in->bytes);
    mem_free(in);
}
