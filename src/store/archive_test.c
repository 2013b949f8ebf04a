/* archive_test.c - an archive comes back as it was, or is refused. */
#define WHARF_UNBANNED
#include "store/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing.h"

static char dir[64], path[96];

static int setup(void **state)
{
    (void)snprintf(dir, sizeof dir, "/tmp/wharf-archive-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/a", dir);
    return test_setup(state);
}

static int teardown(void **state)
{
    (void)unlink(path);
    assert_int_equal(rmdir(dir), 0);
    return test_teardown(state);
}

/* Three records: text, nothing, and bytes that do not pack. */
static void make(struct ctx *ctx)
{
    const str steps[] = {STR("0001_engine.meta"), STR("0012_epoch.outbound")};
    const struct archive_head head = {
        STORE_POSTGRES, STR("00112233aabbccdd"), 1234, STR("0.1.0"), steps, 2};
    struct archive_out *out;
    struct archive_totals totals;
    uint64_t seed = 7;
    char *noise = arena_alloc(ctx->arena, ARCHIVE_RECORD_BYTES);
    for (size_t i = 0; i < ARCHIVE_RECORD_BYTES; i++)
        noise[i] = (char)test_random(&seed);
    assert_ok(ctx, archive_create(ctx, path, &head, &out));
    assert_ok(ctx, archive_put(ctx, out, ARCHIVE_TABLE, STR("t\na, b")));
    assert_ok(ctx, archive_put(ctx, out, ARCHIVE_DATA, STR("")));
    assert_ok(ctx, archive_put(ctx, out, ARCHIVE_DATA,
                               (str){noise, ARCHIVE_RECORD_BYTES}));
    assert_ok(ctx, archive_finish(ctx, out, 5678, &totals));
    assert_int_equal(totals.records, 3);
}

static err_t read_file(struct ctx *ctx, FILE *file)
{
    struct archive_head head;
    struct archive_in *in = NULL;
    struct archive_record record = {.kind = ARCHIVE_DATA};
    err_t err = archive_open(ctx, file, &head, &in);
    while (err == OK && record.kind != ARCHIVE_END)
        err = archive_next(ctx, in, &record);
    archive_close(in);
    return err;
}

static err_t read_all(struct ctx *ctx)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    err_t err = read_file(ctx, file);
    fclose(file);
    return err;
}

static void an_archive_comes_back_as_it_was(void **state)
{
    struct ctx *ctx = *state;
    struct archive_head head;
    struct archive_in *in;
    struct archive_record record;
    struct stat found;
    make(ctx);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    FILE *file = fopen(path, "rb");
    assert_ok(ctx, archive_open(ctx, file, &head, &in));
    assert_int_equal(head.engine, STORE_POSTGRES);
    assert_str(head.epoch, "00112233aabbccdd");
    assert_int_equal(head.at, 1234);
    assert_int_equal(head.step_count, 2);
    assert_str(head.steps[1], "0012_epoch.outbound");
    assert_ok(ctx, archive_next(ctx, in, &record));
    assert_int_equal(record.kind, ARCHIVE_TABLE);
    assert_str(record.bytes, "t\na, b");
    assert_ok(ctx, archive_next(ctx, in, &record));
    assert_int_equal(record.bytes.len, 0);
    assert_ok(ctx, archive_next(ctx, in, &record));
    assert_int_equal(record.bytes.len, ARCHIVE_RECORD_BYTES);
    assert_ok(ctx, archive_next(ctx, in, &record));
    assert_int_equal(record.kind, ARCHIVE_END);
    assert_int_equal(archive_totals(in).at, 5678);
    archive_close(in);
    fclose(file);
}

static void what_is_there_is_not_replaced(void **state)
{
    struct ctx *ctx = *state;
    const struct archive_head head = {.engine = STORE_SQLITE,
                                      .epoch = STR("e")};
    struct archive_out *out;
    make(ctx);
    assert_int_equal(archive_create(ctx, path, &head, &out), ERR_STATE);
    assert_slug(ctx, "archive_exists");
}

static void one_that_is_cut_anywhere_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct stat whole;
    make(ctx);
    assert_int_equal(stat(path, &whole), 0);
    const off_t cuts[] = {whole.st_size - 1,
                          whole.st_size - 60,
                          whole.st_size / 2,
                          5000,
                          200,
                          130,
                          90,
                          40,
                          16,
                          15,
                          7,
                          1,
                          0};
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        assert_int_equal(truncate(path, cuts[i]), 0);
        err_clear(ctx);
        assert_int_equal(read_all(ctx), ERR_INVALID);
    }
}

static void one_with_a_byte_changed_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct stat whole;
    make(ctx);
    assert_int_equal(stat(path, &whole), 0);
    for (off_t at = 0; at < whole.st_size; at += at < 400 ? 1 : 40009) {
        FILE *file = fopen(path, "r+b");
        fseek(file, at, SEEK_SET);
        int was = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(was ^ 0x10, file);
        fflush(file);
        rewind(file);
        err_clear(ctx);
        assert_int_equal(read_file(ctx, file), ERR_INVALID);
        fseek(file, at, SEEK_SET);
        fputc(was, file);
        fclose(file);
    }
    err_clear(ctx);
    assert_ok(ctx, read_all(ctx));
}

static void one_with_more_behind_its_end_is_refused(void **state)
{
    struct ctx *ctx = *state;
    make(ctx);
    FILE *file = fopen(path, "ab");
    fputc('x', file);
    fclose(file);
    assert_int_equal(read_all(ctx), ERR_INVALID);
    assert_slug(ctx, "archive_damaged");
}

static void one_that_is_given_up_leaves_nothing(void **state)
{
    struct ctx *ctx = *state;
    const struct archive_head head = {.engine = STORE_SQLITE,
                                      .epoch = STR("e")};
    struct archive_out *out;
    assert_ok(ctx, archive_create(ctx, path, &head, &out));
    archive_abandon(out);
    assert_int_equal(access(path, F_OK), -1);
}

int main(int argc, char **argv)
{
#define DIR_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        DIR_TEST(an_archive_comes_back_as_it_was),
        DIR_TEST(what_is_there_is_not_replaced),
        DIR_TEST(one_that_is_cut_anywhere_is_refused),
        DIR_TEST(one_with_a_byte_changed_is_refused),
        DIR_TEST(one_with_more_behind_its_end_is_refused),
        DIR_TEST(one_that_is_given_up_leaves_nothing),
    };
    return RUN_TESTS(tests, argc, argv);
}
