/* doc_label_test.c - labels: what is refused, what never reaches a printer. */
#include "base/doc_label.h"

#include "base/buf.h"
#include "base/doc_pdf.h"
#include "base/testing.h"

static struct doc_label good(void)
{
    return (struct doc_label){
        .from = {.company = STR("Hafenkontor GmbH"),
                 .line1 = STR("Am Sandtorkai 30"),
                 .city = STR("Hamburg"),
                 .postal_code = STR("20457"),
                 .country = STR("DE")},
        .to = { .name = STR("Zoë Ångström"),
                 .line1 = STR("1 Main St"),
                 .city = STR("Springfield"),
                 .region = STR("IL"),
                 .postal_code = STR("62701"),
                 .country = STR("US")},
        .carrier = STR("Own"),
        .tracking = STR("WL1"),
        .piece = 1,
        .pieces = 1
    };
}

static void refused(struct ctx *ctx, const struct doc_label *label,
                    const char *field, const char *slug)
{
    str bytes;
    assert_int_equal(doc_label_pdf(ctx, label, &bytes), ERR_INVALID);
    assert_string_equal(ctx->err.field, field);
    assert_slug(ctx, slug);
    err_clear(ctx);
    assert_int_equal(doc_label_zpl(ctx, label, &bytes), ERR_INVALID);
    assert_string_equal(ctx->err.field, field);
    err_clear(ctx);
}

#define REFUSED(part, value, slug)                                             \
    do {                                                                       \
        struct doc_label label_ = good();                                      \
        label_.part = value;                                                   \
        refused(ctx, &label_, #part, slug);                                    \
    } while (0)

/* The code of the buyer's page gives way to an address: longer and longer ones
 * have it, then none, then they do not fit at all, with it or without. */
static void an_address_that_fits_without_a_code_is_drawn(void **state)
{
    static const char wide[] = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
                               "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW";
    struct ctx *ctx = *state;
    int seen[3] = {0};
    for (size_t len = 1; len < sizeof wide; len++) {
        struct doc_label label = good();
        str line = {wide, len}, without = STR(""), with = STR("");
        label.to.name = label.to.company = label.to.line1 = line;
        label.to.line2 = label.to.city = line;
        label.sscc = STR("340123450000000017");
        label.reference = STR("DE-1");
        err_t plain = doc_label_pdf(ctx, &label, &without);
        err_clear(ctx);
        label.link = STR("https://orders.shop.example/track/t1..1.2.3");
        assert_int_equal(doc_label_pdf(ctx, &label, &with), plain);
        err_clear(ctx);
        seen[plain != OK ? 2 : with.len > without.len ? 0 : 1]++;
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(seen[i] > 0);
}

static void an_incomplete_address_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    REFUSED(to.name, STR(""), "address_incomplete");
    REFUSED(to.line1, STR(""), "address_incomplete");
    REFUSED(to.city, STR(""), "address_incomplete");
    REFUSED(to.postal_code, STR(""), "address_incomplete");
    REFUSED(to.country, STR(""), "country_unknown");
    REFUSED(to.country, STR("ZZ"), "country_unknown");
    REFUSED(from.line1, STR(""), "address_incomplete");
    struct doc_label label = good();
    str bytes;
    label.to = (struct doc_address){.company = STR("Port Office"),
                                    .line1 = STR("Main Street"),
                                    .country = STR("GI")};
    assert_ok(ctx, doc_label_pdf(ctx, &label, &bytes));
}

static void what_must_not_be_printed_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    REFUSED(to.name, STR("A\x1b[2J"), "text_invalid");
    REFUSED(to.line1, STR("A\nB"), "text_invalid");
    REFUSED(to.line2, ((str){"A\0^XZ", 5}), "text_invalid");
    REFUSED(to.city, STR("A\xc2\x85"), "text_invalid");
    REFUSED(to.company, STR("A\xff"), "text_invalid");
    REFUSED(to.name, STR("A\xe2\x80\xae gnp.exe"), "text_invalid");
    REFUSED(reference, STR("A\tB"), "text_invalid");
    REFUSED(service, STR("A\x7f"), "text_invalid");
    /* A letter of a private area, which no font draws. */
    REFUSED(to.name, STR("A\xee\x80\x80"), "glyph_missing");
    REFUSED(reference, STR("\xf3\xb0\x80\x80"), "glyph_missing");
}

static void numbers_and_codes_are_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    REFUSED(tracking, STR(""), "barcode_invalid");
    REFUSED(tracking, STR("12345ä"), "barcode_invalid");
    REFUSED(sscc, STR("340123450000000010"), "barcode_invalid");
    REFUSED(link, STR("https://a b\x01"), "barcode_invalid");
    REFUSED(carrier, STR(""), "too_short");
    REFUSED(routing, STR("TOO-LONG-1"), "too_long");
    REFUSED(weight_g, -1, "number_out_of_range");
    REFUSED(piece, 2, "number_out_of_range");
    REFUSED(piece, 0, "number_out_of_range");
    REFUSED(pieces, -1, "number_out_of_range");
}

static void what_does_not_fit_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    char lots[LIMIT_NOTE_BYTES + 1];
    memset(lots, 'W', sizeof lots);
    REFUSED(to.line1, ((str){lots, 1000}), "text_too_long");
    REFUSED(to.line1, ((str){lots, sizeof lots}), "text_too_long");
    REFUSED(from.name, ((str){lots, 600}), "text_too_long");
    REFUSED(reference, ((str){lots, 120}), "text_too_long");
    REFUSED(tracking, ((str){lots, 48}), "text_too_long");
}

/* Where `needle` begins, or -1. */
static int find(str hay, const char *needle)
{
    const char *at = memmem(hay.ptr, hay.len, needle, strlen(needle));
    return at ? (int)(at - hay.ptr) : -1;
}

static int count(str hay, char c)
{
    int n = 0;
    for (size_t i = 0; i < hay.len; i++)
        n += hay.ptr[i] == c;
    return n;
}

static void no_text_is_a_command_to_the_printer(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    str plain, hostile;
    label.to.name = STR("XXXXXXXXX");
    assert_ok(ctx, doc_label_zpl(ctx, &label, &plain));
    label.to.name = STR("^XZ~JR_5E");
    assert_ok(ctx, doc_label_zpl(ctx, &label, &hostile));
    assert_int_equal(count(hostile, '^'), count(plain, '^'));
    assert_int_equal(count(hostile, '~'), 0);
    assert_true(find(hostile, "^FD_5EXZ_7EJR_5F5E^FS") > 0);
    for (size_t i = 0; i < hostile.len; i++)
        assert_true(hostile.ptr[i] == '\n' ||
                    (unsigned char)hostile.ptr[i] >= ' ');
}

static void lines_have_at_most_forty_characters(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    str zpl;
    label.to.line1 = STR("iiii iiii iiii iiii iiii iiii iiii iiii iiii iiii");
    assert_ok(ctx, doc_label_zpl(ctx, &label, &zpl));
    assert_true(find(zpl, "^FDiiii iiii iiii iiii iiii iiii iiii iiii^FS") > 0);
    assert_true(find(zpl, "^FDiiii iiii^FS") > 0);
}

static void scripts_the_printer_lacks_go_as_pictures(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    str zpl;
    assert_ok(ctx, doc_label_zpl(ctx, &label, &zpl));
    assert_true(find(zpl, "^FDZoë Ångström^FS") > 0);
    label.to.name = STR("山田 太郎");
    assert_ok(ctx, doc_label_zpl(ctx, &label, &zpl));
    assert_int_equal(find(zpl, "山"), -1);
    assert_true(find(zpl, "^GFA,") > 0);
}

/* Letters of many scripts, marks, commands of a printer, broken bytes. */
static str random_text(struct arena *arena, uint64_t *seed)
{
    static const char *const parts[] = {"A",
                                        "z ",
                                        "^XZ",
                                        "~JR",
                                        "_5E",
                                        "\\&",
                                        ">;",
                                        "é",
                                        "Ж",
                                        "ש",
                                        "م",
                                        "क्ष",
                                        "ที่",
                                        "東",
                                        "한",
                                        "🎂",
                                        "e\xcc\x81",
                                        "\xe2\x80\x8d",
                                        "\xe2\x80\x8f",
                                        "\xef\xbf\xbd",
                                        "\x07",
                                        "\xff",
                                        "\xf3\xb0\x80\x80"};
    struct buf out;
    buf_init(&out, arena, 400);
    size_t kinds = COUNT_OF(parts) - (test_random(seed) % 4 ? 3 : 0);
    for (uint64_t n = 1 + test_random(seed) % 24; n > 0; n--)
        buf_add_cstr(&out, parts[test_random(seed) % kinds]);
    return buf_str(&out);
}

static void any_text_is_drawn_or_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    uint64_t seed = 20261122;
    int drawn = 0;
    for (int i = 0; i < 120; i++) {
        struct doc_label label = good();
        str *const fields[] = {&label.to.name,   &label.to.line1,
                               &label.to.city,   &label.from.company,
                               &label.reference, &label.tracking};
        *fields[i % 6] = random_text(ctx->arena, &seed);
        *fields[test_random(&seed) % 5] = random_text(ctx->arena, &seed);
        str zpl;
        err_t err = doc_label_zpl(ctx, &label, &zpl);
        if (err != OK) {
            assert_int_equal(err, ERR_INVALID);
            assert_true(ctx->err.field[0] != '\0');
            err_clear(ctx);
            continue;
        }
        drawn++;
        assert_int_equal(find(zpl, "^XA"), 0);
        assert_int_equal(find(zpl, "^XZ"), (int)zpl.len - 4);
        assert_int_equal(count(zpl, '~'), 0);
        for (size_t at = 0; at < zpl.len; at++)
            assert_true(zpl.ptr[at] == '\n' ||
                        (unsigned char)zpl.ptr[at] >= ' ');
    }
    assert_in_range(drawn, 25, 115);
}

static void equal_facts_give_equal_bytes(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    str a, b;
    label.to.name = STR("山田 Ёлка محمد");
    assert_ok(ctx, doc_label_pdf(ctx, &label, &a));
    ctx->now = 1;
    assert_ok(ctx, doc_label_pdf(ctx, &label, &b));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    assert_int_equal(find(a, "/CreationDate"), -1);
}

static void a_bad_label_harms_no_other(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    struct buf file, alone;
    buf_init(&file, ctx->arena, 1 << 20);
    buf_init(&alone, ctx->arena, 1 << 20);
    struct doc_labels *labels;
    assert_ok(ctx,
              doc_labels_open(ctx, DOC_PDF, doc_sink_to_buf(&file), &labels));
    assert_ok(ctx, doc_labels_add(labels, &label));
    label.tracking = STR("");
    assert_int_equal(doc_labels_add(labels, &label), ERR_INVALID);
    assert_string_equal(ctx->err.field, "tracking");
    err_clear(ctx);
    assert_ok(ctx, doc_labels_finish(ctx, labels));
    label = good();
    assert_ok(ctx,
              doc_labels_open(ctx, DOC_PDF, doc_sink_to_buf(&alone), &labels));
    assert_ok(ctx, doc_labels_add(labels, &label));
    assert_ok(ctx, doc_labels_finish(ctx, labels));
    assert_int_equal(file.len, alone.len);
    assert_memory_equal(file.ptr, alone.ptr, file.len);
}

static void a_file_without_labels_or_room_is_refused(void **state)
{
    struct ctx *ctx = *state;
    struct doc_label label = good();
    struct buf file;
    buf_init(&file, ctx->arena, 100);
    struct doc_labels *labels;
    assert_ok(ctx,
              doc_labels_open(ctx, DOC_PDF, doc_sink_to_buf(&file), &labels));
    assert_int_equal(doc_labels_finish(ctx, labels), ERR_INVALID);
    err_clear(ctx);
    assert_ok(ctx,
              doc_labels_open(ctx, DOC_PDF, doc_sink_to_buf(&file), &labels));
    assert_ok(ctx, doc_labels_add(labels, &label));
    assert_int_equal(doc_labels_finish(ctx, labels), ERR_TOO_LARGE);
    err_clear(ctx);
    assert_ok(ctx,
              doc_labels_open(ctx, DOC_ZPL, doc_sink_to_buf(&file), &labels));
    assert_int_equal(doc_labels_add(labels, &label), ERR_TOO_LARGE);
    doc_labels_close(labels);
}

static void line_is(struct ctx *ctx, const struct doc_address *address,
                    size_t n, const char *wanted)
{
    struct doc_address_line lines[DOC_ADDRESS_LINES];
    size_t all = doc_address_lines(ctx, address, STR("DE"), lines);
    assert_true(n < all);
    assert_str(lines[n].text, wanted);
}

static void countries_order_an_address_their_way(void **state)
{
    struct ctx *ctx = *state;
    struct doc_address a = {.name = STR("N"),
                            .line1 = STR("L"),
                            .city = STR("City"),
                            .region = STR("RG"),
                            .postal_code = STR("123"),
                            .country = STR("US")};
    line_is(ctx, &a, 2, "City, RG 123");
    line_is(ctx, &a, 3, "UNITED STATES");
    a.country = STR("GB");
    line_is(ctx, &a, 2, "City");
    line_is(ctx, &a, 3, "123");
    a.country = STR("IN");
    line_is(ctx, &a, 2, "City 123");
    line_is(ctx, &a, 3, "RG");
    a.country = STR("IT");
    line_is(ctx, &a, 2, "123 City, RG");
    a.country = STR("DE");
    line_is(ctx, &a, 2, "123 City");
    struct doc_address_line lines[DOC_ADDRESS_LINES];
    assert_int_equal(doc_address_lines(ctx, &a, STR("DE"), lines), 3);
    a.country = STR("JP");
    line_is(ctx, &a, 0, "N");
    a.line1 = STR("丸の内1丁目");
    line_is(ctx, &a, 0, "〒123");
    line_is(ctx, &a, 2, "丸の内1丁目");
    line_is(ctx, &a, 3, "N");
    line_is(ctx, &a, 4, "JAPAN");
}

static void numbers_read_as_people_write_them(void **state)
{
    struct ctx *ctx = *state;
    assert_str(doc_weight(ctx->arena, 2350, DOC_METRIC), "2.35 kg");
    assert_str(doc_weight(ctx->arena, 2000, DOC_METRIC), "2 kg");
    assert_str(doc_weight(ctx->arena, 7, DOC_METRIC), "0.007 kg");
    assert_str(doc_weight(ctx->arena, 454, DOC_IMPERIAL), "1 lb 0.0 oz");
    assert_str(doc_weight(ctx->arena, 28, DOC_IMPERIAL), "0 lb 1.0 oz");
    money m = {.minor = -123456789, .currency = "EUR"};
    assert_str(doc_money(ctx->arena, m), "-1,234,567.89 EUR");
    m = (money){.minor = 500, .currency = "JPY"};
    assert_str(doc_money(ctx->arena, m), "500 JPY");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_that_fits_without_a_code_is_drawn),
        TEST(an_incomplete_address_is_refused_by_field),
        TEST(what_must_not_be_printed_is_refused_by_field),
        TEST(numbers_and_codes_are_refused_by_field),
        TEST(what_does_not_fit_is_refused_by_field),
        TEST(no_text_is_a_command_to_the_printer),
        TEST(lines_have_at_most_forty_characters),
        TEST(scripts_the_printer_lacks_go_as_pictures),
        TEST(any_text_is_drawn_or_refused_by_field),
        TEST(equal_facts_give_equal_bytes),
        TEST(a_bad_label_harms_no_other),
        TEST(a_file_without_labels_or_room_is_refused),
        TEST(countries_order_an_address_their_way),
        TEST(numbers_read_as_people_write_them),
    };
    return RUN_TESTS(tests, argc, argv);
}
