/* doc_paper_test.c - papers that go with the goods: what is refused. */
#include "base/doc_customs.h"
#include "base/doc_manifest.h"
#include "base/doc_pick.h"
#include "base/doc_return.h"
#include "base/doc_slip.h"
#include "base/testing.h"

#define S(text) STR_INIT(text)

static const struct doc_address here = {.company = S("Hafenkontor GmbH"),
                                        .line1 = S("Am Sandtorkai 30"),
                                        .city = S("Hamburg"),
                                        .postal_code = S("20457"),
                                        .country = S("DE")};
static const struct doc_address there = {.name = S("Anna Kowalska"),
                                         .line1 = S("ul. Prosta 1"),
                                         .city = S("Warszawa"),
                                         .postal_code = S("00-001"),
                                         .country = S("PL")};

static void is_refused(struct ctx *ctx, err_t err, const char *field,
                       const char *slug)
{
    assert_int_equal(err, ERR_INVALID);
    assert_string_equal(ctx->err.field, field);
    assert_slug(ctx, slug);
    err_clear(ctx);
}

/* Draws `facts` after one change, which must be refused. */
#define REFUSED(make, facts, change, field, slug)                              \
    do {                                                                       \
        str bytes_;                                                            \
        change;                                                                \
        is_refused(ctx, make(ctx, &(facts), &bytes_), field, slug);            \
    } while (0)

static struct doc_slip good_slip(struct doc_slip_line *line)
{
    *line =
        (struct doc_slip_line){.title = STR("Tea"), .sku = STR("T"), .qty = 1};
    return (struct doc_slip){.paper = DOC_A4,
                             .from = here,
                             .to = there,
                             .order = STR("#1"),
                             .lines = line,
                             .line_count = 1};
}

static void a_bad_slip_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    struct doc_slip_line line;
    struct doc_slip slip = good_slip(&line);
    str bytes;
    assert_ok(ctx, doc_slip_pdf(ctx, &slip, &bytes));
    REFUSED(doc_slip_pdf, slip, line.qty = 0, "lines[0].qty",
            "number_out_of_range");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, line.title = STR("A\x01"), "lines[0].title",
            "text_invalid");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.line_count = 0, "lines",
            "number_out_of_range");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.to.city = STR_NONE, "to.city",
            "address_incomplete");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.gift_message = STR("A\x1b"),
            "gift_message", "text_invalid");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.paper = 0, "paper", "invalid");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.package = STR("Ä"), "package",
            "barcode_invalid");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.piece = 1, "piece", "number_out_of_range");
    slip = good_slip(&line);
    REFUSED(doc_slip_pdf, slip, slip.order = STR_NONE, "order", "too_short");
}

static void a_message_without_a_glyph_is_spelled(void **state)
{
    struct ctx *ctx = *state;
    struct doc_slip_line line;
    struct doc_slip slip = good_slip(&line);
    slip.gift_message = STR("Love \xf3\xb0\x80\x80 you\nBye");
    str bytes;
    assert_ok(ctx, doc_slip_pdf(ctx, &slip, &bytes));
    REFUSED(doc_slip_pdf, slip, slip.to.name = STR("Anna \xf3\xb0\x80\x80"),
            "to.name", "glyph_missing");
}

static void a_bad_pick_list_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    struct doc_pick_line line = {
        .sku = STR("T"), .title = STR("Tea"), .qty = 1};
    struct doc_pick_list list = {.paper = DOC_LETTER,
                                 .number = STR("PT-1"),
                                 .lines = &line,
                                 .line_count = 1};
    str bytes;
    assert_ok(ctx, doc_pick_pdf(ctx, &list, &bytes));
    REFUSED(doc_pick_pdf, list, line.qty = 0, "lines[0].qty",
            "number_out_of_range");
    line.qty = 1;
    REFUSED(doc_pick_pdf, list, line.sku = STR(""), "lines[0].sku",
            "code_invalid");
    REFUSED(doc_pick_pdf, list, line.sku = STR("茶"), "lines[0].sku",
            "barcode_invalid");
    line.sku = STR("T");
    REFUSED(doc_pick_pdf, list, line.bin = STR("A\n1"), "lines[0].bin",
            "text_invalid");
    line.bin = STR_NONE;
    REFUSED(doc_pick_pdf, list, list.number = STR(""), "number",
            "code_invalid");
    list.number = STR("PT-1");
    REFUSED(doc_pick_pdf, list, list.line_count = LIMIT_DOC_LINES + 1, "lines",
            "number_out_of_range");
}

static void many_attributes_take_as_many_rows_as_they_need(void **state)
{
    struct ctx *ctx = *state;
    struct doc_attr attrs[200];
    char text[LIMIT_NOTE_BYTES];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < COUNT_OF(attrs); i++)
        attrs[i] = (struct doc_attr){
            STR("Engraving"), {text, 80}
        };
    struct doc_pick_line picked = {.sku = STR("T"),
                                   .title = STR("Tea"),
                                   .qty = 1,
                                   .attrs = attrs,
                                   .attr_count = COUNT_OF(attrs)};
    struct doc_pick_list list = {.paper = DOC_A4,
                                 .number = STR("PT-1"),
                                 .lines = &picked,
                                 .line_count = 1};
    struct doc_slip_line packed;
    struct doc_slip slip = good_slip(&packed);
    packed.attrs = attrs;
    packed.attr_count = COUNT_OF(attrs);
    str bytes;
    assert_ok(ctx, doc_pick_pdf(ctx, &list, &bytes));
    assert_ok(ctx, doc_slip_pdf(ctx, &slip, &bytes));
    attrs[0].value.len = sizeof text;
    is_refused(ctx, doc_pick_pdf(ctx, &list, &bytes), "lines[0].attrs",
               "text_too_long");
    is_refused(ctx, doc_slip_pdf(ctx, &slip, &bytes), "lines[0].attrs",
               "text_too_long");
}

static void a_bad_manifest_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    struct doc_manifest_line line = {.tracking = STR("WL1"), .weight_g = 1};
    struct doc_manifest manifest = {.paper = DOC_A4,
                                    .number = STR("MF-1"),
                                    .carrier = STR("Own"),
                                    .from = here,
                                    .lines = &line,
                                    .line_count = 1};
    str bytes;
    assert_ok(ctx, doc_manifest_pdf(ctx, &manifest, &bytes));
    REFUSED(doc_manifest_pdf, manifest, line.tracking = STR(""),
            "lines[0].tracking", "code_invalid");
    line.tracking = STR("WL1");
    REFUSED(doc_manifest_pdf, manifest, line.weight_g = -1, "lines[0].weight_g",
            "number_out_of_range");
    line.weight_g = 1;
    REFUSED(doc_manifest_pdf, manifest, manifest.carrier = STR(""), "carrier",
            "too_short");
    manifest.carrier = STR("Own");
    REFUSED(doc_manifest_pdf, manifest, manifest.from.country = STR("XX"),
            "from.country", "country_unknown");
    manifest.from = here;
    REFUSED(doc_manifest_pdf, manifest, manifest.line_count = 0, "lines",
            "number_out_of_range");
}

static struct doc_customs good_customs(struct doc_customs_line *line)
{
    *line = (struct doc_customs_line){
        .title = STR("Tea"),
        .hs_code = STR("0902.30"),
        .origin = STR("IN"),
        .qty = 2,
        .unit_price = {500, "EUR"},
        .weight_g = 100
    };
    return (struct doc_customs){.paper = DOC_A4,
                                .number = STR("R-1"),
                                .from = here,
                                .to = there,
                                .reason = DOC_EXPORT_SALE,
                                .lines = line,
                                .line_count = 1};
}

#define BAD_CUSTOMS(change, field, slug)                                       \
    do {                                                                       \
        struct doc_customs_line line;                                          \
        struct doc_customs facts = good_customs(&line);                        \
        REFUSED(doc_invoice_pdf, facts, change, field, slug);                  \
        REFUSED(doc_cn22_pdf, facts, (void)0, field, slug);                    \
        REFUSED(doc_cn23_pdf, facts, (void)0, field, slug);                    \
    } while (0)

static void a_bad_declaration_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    BAD_CUSTOMS(line.hs_code = STR("09 02"), "lines[0].hs_code",
                "hs_code_invalid");
    BAD_CUSTOMS(line.hs_code = STR("0902x30"), "lines[0].hs_code",
                "hs_code_invalid");
    BAD_CUSTOMS(line.origin = STR("ZZ"), "lines[0].origin", "country_unknown");
    BAD_CUSTOMS(line.qty = 0, "lines[0].qty", "number_out_of_range");
    BAD_CUSTOMS(line.title = STR(""), "lines[0].title", "too_short");
    BAD_CUSTOMS(line.unit_price.minor = -1, "lines[0].unit_price",
                "number_out_of_range");
    BAD_CUSTOMS(line.unit_price.minor = LIMIT_MINOR, "lines[0].unit_price",
                "number_out_of_range");
    BAD_CUSTOMS(facts.shipping = ((money){1, "USD"}), "shipping",
                "currency_mixed");
    BAD_CUSTOMS(memcpy(line.unit_price.currency, "QQQ", 4),
                "lines[0].unit_price", "currency_unknown");
    BAD_CUSTOMS(facts.incoterm = STR("DDX"), "incoterm", "incoterm_unknown");
    BAD_CUSTOMS(facts.reason = 0, "reason", "invalid");
    BAD_CUSTOMS(facts.reason = DOC_EXPORT_OTHER, "reason_text", "invalid");
    BAD_CUSTOMS(facts.gross_weight_g = 99, "gross_weight_g",
                "number_out_of_range");
    BAD_CUSTOMS(facts.to.postal_code = STR(""), "to.postal_code",
                "address_incomplete");
    BAD_CUSTOMS(facts.line_count = 0, "lines", "number_out_of_range");
}

static void a_form_holds_as_many_lines_as_it_says(void **state)
{
    struct ctx *ctx = *state;
    struct doc_customs_line line, lines[DOC_CN23_LINES + 1];
    struct doc_customs facts = good_customs(&line);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i] = line;
    str bytes;
    facts.lines = lines;
    facts.from_tax = facts.to_tax = facts.to_email = STR("x");
    facts.incoterm = STR("DAP");
    facts.carrier = facts.signatory = STR("y");
    facts.tracking = STR("WL123456789012DE");
    facts.line_count = DOC_CN23_LINES;
    assert_ok(ctx, doc_cn23_pdf(ctx, &facts, &bytes));
    REFUSED(doc_cn23_pdf, facts, facts.line_count++, "lines",
            "number_out_of_range");
    facts.line_count = DOC_CN22_LINES;
    assert_ok(ctx, doc_cn22_pdf(ctx, &facts, &bytes));
    REFUSED(doc_cn22_pdf, facts, facts.line_count++, "lines",
            "number_out_of_range");
    /* Long titles break into lines until the form is full. */
    char lots[LIMIT_TITLE_BYTES];
    memset(lots, 'W', sizeof lots);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i].title = (str){lots, 100};
    REFUSED(doc_cn22_pdf, facts, facts.line_count = DOC_CN22_LINES, "lines",
            "text_too_long");
}

static void a_bad_return_is_refused_by_field(void **state)
{
    struct ctx *ctx = *state;
    struct doc_return_item item = {STR("Tea"), STR("T"), 1};
    struct doc_return back = {
        .paper = DOC_LETTER,
        .number = STR("RMA-1"),
        .order = STR("#1"),
        .items = &item,
        .item_count = 1,
        .label = {.from = there,
                  .to = here,
                  .carrier = STR("Own"),
                  .tracking = STR("WL1")}
    };
    str bytes;
    assert_ok(ctx, doc_return_pdf(ctx, &back, &bytes));
    REFUSED(doc_return_pdf, back, back.label.tracking = STR(""), "tracking",
            "barcode_invalid");
    back.label.tracking = STR("WL1");
    REFUSED(doc_return_pdf, back, back.label.from.line1 = STR(""), "from.line1",
            "address_incomplete");
    back.label.from = there;
    REFUSED(doc_return_pdf, back, item.qty = 0, "items[0].qty",
            "number_out_of_range");
    item.qty = 1;
    REFUSED(doc_return_pdf, back, back.instructions = STR("A\x02"),
            "instructions", "text_invalid");
    back.instructions = STR_NONE;
    REFUSED(doc_return_pdf, back, back.number = STR(""), "number",
            "code_invalid");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bad_slip_is_refused_by_field),
        TEST(a_message_without_a_glyph_is_spelled),
        TEST(a_bad_pick_list_is_refused_by_field),
        TEST(many_attributes_take_as_many_rows_as_they_need),
        TEST(a_bad_manifest_is_refused_by_field),
        TEST(a_bad_declaration_is_refused_by_field),
        TEST(a_form_holds_as_many_lines_as_it_says),
        TEST(a_bad_return_is_refused_by_field),
    };
    return RUN_TESTS(tests, argc, argv);
}
