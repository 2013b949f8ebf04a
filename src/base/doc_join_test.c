/* doc_join_test.c - files of others: joined, or refused, whatever they are. */
#include "base/doc_join.h"

#include "base/buf.h"
#include "base/doc_label.h"
#include "base/limits.h"
#include "base/testing.h"

static str drawn(struct ctx *ctx, const char *tracking)
{
    str bytes;
    struct doc_label label = {
        .from = {.name = STR("A"),
                 .line1 = STR("Kai 1"),
                 .city = STR("Hamburg"),
                 .postal_code = STR("20457"),
                 .country = STR("DE")},
        .to = {.name = STR("B"),
                 .line1 = STR("Weg 1"),
                 .city = STR("Bonn"),
                 .postal_code = STR("53111"),
                 .country = STR("DE")},
        .carrier = STR("Own"),
        .tracking = str_from_cstr(tracking),
    };
    assert_ok(ctx, doc_label_pdf(ctx, &label, &bytes));
    return bytes;
}

static int pages_of(str pdf)
{
    static const char mark[] = "/Type /Page ";
    int count = 0;
    for (size_t i = 0; i + sizeof mark - 1 <= pdf.len; i++)
        count += memcmp(pdf.ptr + i, mark, sizeof mark - 1) == 0;
    return count;
}

static void pages_stand_in_the_order_that_was_asked(void **state)
{
    struct ctx *ctx = *state;
    str files[] = {drawn(ctx, "ONE"), drawn(ctx, "TWO")};
    struct doc_join_part parts[] = {
        {1, 0},
        {0, 1},
        {1, 1}
    };
    str a, b;
    assert_ok(ctx, doc_join(ctx, files, 2, parts, 3, &a));
    assert_memory_equal(a.ptr, "%PDF-", 5);
    assert_int_equal(pages_of(a), 3);
    assert_ok(ctx, doc_join(ctx, files, 2, parts, 3, &b));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    assert_ok(ctx, doc_join_check(ctx, a));
}

static void refused(struct ctx *ctx, str file)
{
    assert_int_equal(doc_join_check(ctx, file), ERR_INVALID);
    assert_slug(ctx, "pdf_unreadable");
    err_clear(ctx);
}

static void garbage_is_refused(void **state)
{
    struct ctx *ctx = *state;
    str good = drawn(ctx, "ONE");
    char *large = mem_new(DOC_JOIN_FILE_BYTES + 1);
    refused(ctx, STR(""));
    refused(ctx, STR("no PDF"));
    refused(ctx, STR("%PDF-1.7\n%%EOF\n"));
    refused(ctx, (str){good.ptr, 20});
    refused(ctx, STR("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                     "2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
                     "trailer<</Root 1 0 R>>\n"));
    refused(ctx, (str){large, DOC_JOIN_FILE_BYTES + 1});
    mem_free(large);
    str files[] = {good, STR("no PDF")};
    struct doc_join_part parts[] = {
        {0, 1},
        {1, 0},
        {0, 2}
    };
    str joined;
    assert_int_equal(doc_join(ctx, files, 2, parts, 2, &joined), ERR_INVALID);
    err_clear(ctx);
    assert_int_equal(doc_join(ctx, files, 1, &parts[2], 1, &joined),
                     ERR_INVALID);
    err_clear(ctx);
}

/* A tree of pages so deep that to walk down would end the process. */
static void a_file_that_kills_its_reader_is_refused(void **state)
{
    enum { DEPTH = 60000 };
    struct ctx *ctx = *state;
    struct buf buf;
    buf_init(&buf, ctx->arena, DOC_JOIN_FILE_BYTES);
    buf_addf(&buf, "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
    for (int i = 2; i < DEPTH; i++)
        buf_addf(&buf, "%d 0 obj<</Type/Pages/Kids[%d 0 R]>>endobj\n", i,
                 i + 1);
    buf_addf(&buf, "%d 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n", DEPTH);
    buf_addf(&buf, "trailer<</Root 1 0 R>>\n");
    assert_false(buf.is_full);
    refused(ctx, buf_str(&buf));
}

/* Whatever is broken in a file, the answer is a file or a refusal. */
static void broken_files_harm_nobody(void **state)
{
    enum { ROUNDS = 60 };
    struct ctx *ctx = *state;
    struct arena *scratch = arena_open(), *mine = ctx->arena;
    str good = drawn(ctx, "ONE");
    uint32_t chance = 7;
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(scratch);
        ctx->arena = scratch;
        char *bytes = arena_alloc_raw(scratch, good.len);
        memcpy(bytes, good.ptr, good.len);
        for (int k = 0; k < 1 + i % 8; k++) {
            chance = chance * 1664525U + 1013904223U;
            bytes[(chance >> 8) % good.len] = (char)(chance >> 24);
        }
        chance = chance * 1664525U + 1013904223U;
        size_t len = i % 5 ? good.len : (chance >> 8) % good.len;
        err_t err = doc_join_check(ctx, (str){bytes, len});
        assert_true(err == OK || err == ERR_INVALID);
        taken += err == OK;
        err_clear(ctx);
        ctx->arena = mine;
    }
    assert_true(taken > 0 && taken < ROUNDS);
    arena_close(scratch);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_stand_in_the_order_that_was_asked),
        TEST(garbage_is_refused),
        TEST(a_file_that_kills_its_reader_is_refused),
        TEST(broken_files_harm_nobody),
    };
    return RUN_TESTS(tests, argc, argv);
}
