/* secret_test.c - sealed secrets open where they were sealed, nowhere else. */
#include "base/secret.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing.h"

struct place {
    char folder[64], path[96];
};

static struct place make_place(void)
{
    struct place place = {.folder = "/tmp/wharf-secret-XXXXXX"};
    assert_non_null(mkdtemp(place.folder));
    snprintf(place.path, sizeof place.path, "%s/store.key", place.folder);
    return place;
}

static void drop_place(const struct place *place)
{
    unlink(place->path);
    rmdir(place->folder);
}

static void a_sealed_secret_opens_in_its_place_only(void **state)
{
    struct ctx *ctx = *state;
    struct place place = make_place();
    struct secret_ring *ring;
    str sealed, again, plain;
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(
        secret_seal(ctx, ring, STR("webhook:1"), STR("s3cret"), &sealed), OK);
    assert_int_equal(
        secret_seal(ctx, ring, STR("webhook:1"), STR("s3cret"), &again), OK);
    assert_false(str_equal(sealed, again));
    assert_true(secret_is_sealed(sealed));
    assert_int_equal(secret_open(ctx, ring, STR("webhook:1"), sealed, &plain),
                     OK);
    assert_true(str_equal_cstr(plain, "s3cret"));
    assert_int_equal(secret_open(ctx, ring, STR("webhook:2"), sealed, &plain),
                     ERR_STATE);
    assert_string_equal(ctx->err.slug, "secret_broken");
    for (size_t i = 12; i < sealed.len; i += 7) {
        char *bad = str_to_cstr(ctx->arena, sealed);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        err_clear(ctx);
        assert_int_equal(secret_open(ctx, ring, STR("webhook:1"),
                                     (str){bad, sealed.len}, &plain),
                         ERR_STATE);
    }
    err_clear(ctx);
    assert_int_equal(
        secret_open(ctx, ring, STR("webhook:1"), STR("plain"), &plain),
        ERR_STATE);
    secret_ring_close(ring);
    drop_place(&place);
}

static void the_key_file_is_made_once_and_for_its_owner(void **state)
{
    struct ctx *ctx = *state;
    struct place place = make_place();
    struct secret_ring *ring;
    struct stat at;
    str sealed, plain;
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(stat(place.path, &at), 0);
    assert_int_equal(at.st_mode & 0777, 0600);
    assert_int_equal(secret_seal(ctx, ring, STR("x"), STR("y"), &sealed), OK);
    secret_ring_close(ring);
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(secret_open(ctx, ring, STR("x"), sealed, &plain), OK);
    secret_ring_close(ring);
    assert_int_equal(chmod(place.path, 0640), 0);
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), ERR_STATE);
    assert_string_equal(ctx->err.slug, "key_file_open");
    drop_place(&place);
}

static void an_old_key_still_opens_after_a_rotation(void **state)
{
    struct ctx *ctx = *state;
    struct place place = make_place();
    struct secret_ring *ring;
    str before, after, plain;
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(secret_seal(ctx, ring, STR("x"), STR("1"), &before), OK);
    secret_ring_close(ring);
    assert_int_equal(secret_ring_rotate(ctx, place.path), OK);
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(secret_ring_count(ring), 2);
    assert_int_equal(secret_seal(ctx, ring, STR("x"), STR("2"), &after), OK);
    assert_memory_not_equal(before.ptr + 3, after.ptr + 3, SECRET_KEY_ID_BYTES);
    assert_int_equal(secret_open(ctx, ring, STR("x"), before, &plain), OK);
    assert_int_equal(secret_open(ctx, ring, STR("x"), after, &plain), OK);
    secret_ring_close(ring);
    drop_place(&place);
}

static void without_its_key_it_says_which_is_missing(void **state)
{
    struct ctx *ctx = *state;
    struct place place = make_place(), other = make_place();
    struct secret_ring *ring, *wrong;
    str sealed, plain;
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(secret_ring_open(ctx, other.path, &wrong), OK);
    assert_int_equal(secret_seal(ctx, ring, STR("x"), STR("1"), &sealed), OK);
    assert_int_equal(secret_open(ctx, wrong, STR("x"), sealed, &plain),
                     ERR_STATE);
    assert_string_equal(ctx->err.slug, "secret_key_missing");
    err_clear(ctx);
    assert_int_equal(secret_open(ctx, NULL, STR("x"), sealed, &plain),
                     ERR_STATE);
    err_clear(ctx);
    assert_int_equal(secret_seal(ctx, NULL, STR("x"), STR("1"), &sealed),
                     ERR_STATE);
    assert_string_equal(ctx->err.slug, "no_key_file");
    secret_ring_close(ring);
    secret_ring_close(wrong);
    drop_place(&place);
    drop_place(&other);
}

static void what_is_no_key_file_is_refused(void **state)
{
    struct ctx *ctx = *state;
    static const char *const bad[] = {
        "",
        "\n\n",
        "hello",
        "wharf-key-1 ",
        "wharf-key-1 short",
        "wharf-key-2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct place place = make_place();
        struct secret_ring *ring;
        FILE *file = fopen(place.path, "w");
        fputs(bad[i], file);
        fclose(file);
        assert_int_equal(chmod(place.path, 0600), 0);
        err_clear(ctx);
        assert_int_equal(secret_ring_open(ctx, place.path, &ring), ERR_STATE);
        assert_string_equal(ctx->err.slug, "key_file_invalid");
        drop_place(&place);
    }
}

static void a_signature_is_of_one_text_by_one_of_our_keys(void **state)
{
    struct ctx *ctx = *state;
    struct secret_ring *ring, *other;
    struct place place = make_place(), elsewhere = make_place();
    str signature;
    assert_int_equal(secret_ring_open(ctx, place.path, &ring), OK);
    assert_int_equal(secret_ring_open(ctx, elsewhere.path, &other), OK);
    assert_int_equal(secret_sign(ctx, ring, STR("a text"), &signature), OK);
    assert_true(secret_signed(ring, STR("a text"), signature));
    assert_false(secret_signed(ring, STR("a texT"), signature));
    assert_false(secret_signed(other, STR("a text"), signature));
    assert_false(secret_signed(NULL, STR("a text"), signature));
    signature.len--;
    assert_false(secret_signed(ring, STR("a text"), signature));
    assert_int_equal(secret_sign(ctx, NULL, STR("a"), &signature), ERR_STATE);
    secret_ring_close(ring);
    secret_ring_close(other);
    drop_place(&place);
    drop_place(&elsewhere);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sealed_secret_opens_in_its_place_only),
        TEST(the_key_file_is_made_once_and_for_its_owner),
        TEST(an_old_key_still_opens_after_a_rotation),
        TEST(without_its_key_it_says_which_is_missing),
        TEST(what_is_no_key_file_is_refused),
        TEST(a_signature_is_of_one_text_by_one_of_our_keys),
    };
    return RUN_TESTS(tests, argc, argv);
}
