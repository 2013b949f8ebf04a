/* samples_papers.c - one of each paper that goes with the goods. */
#include "samples.h"

#include "base/doc_customs.h"
#include "base/doc_manifest.h"
#include "base/doc_pick.h"
#include "base/doc_return.h"
#include "base/doc_slip.h"
#include "base/str.h"

#define S(text) STR_INIT(text)

static const struct doc_address buyer = {.name = S("山田 太郎 様"),
                                         .company = S("株式会社ワーフ商事"),
                                         .line1 = S("丸の内1丁目9番1号"),
                                         .city = S("千代田区"),
                                         .region = S("東京都"),
                                         .postal_code = S("100-0005"),
                                         .country = S("JP"),
                                         .phone = S("+81 3 1234 5678")};
static const struct doc_address friend = {.name = S("Anna-Sophie Žáčková"),
                                          .line1 = S("Vinohradská 12"),
                                          .city = S("Praha"),
                                          .postal_code = S("120 00"),
                                          .country = S("CZ")};

static void slips(struct ctx *ctx)
{
    static const struct doc_attr engraving[] = {
        {S("Engraving"), S("Für Žofie, 22. 11. 2026")},
        {S("Font"),      S("Playfair")                 }
    };
    static const str lots[] = {S("L-2031, best before 2027-04-01")};
    static str serials[60];
    for (size_t i = 0; i < COUNT_OF(serials); i++)
        serials[i] = str_printf(ctx->arena, "SN-%06zu-%04zu", 4711 + 13 * i, i);
    struct doc_slip_line lines[] = {
        {.title = S("Silver locket, round"),
         .sku = S("LOCKET-R-925"),
         .qty = 1,
         .attrs = engraving,
         .attr_count = 2,
         .price = {8900, "EUR"}   },
        {.title = S("Darjeeling First Flush 2026, 250 g"),
         .sku = S("TEA-DJ-FF-250"),
         .qty = 3,
         .lots = lots,
         .lot_count = 1,
         .price = {5970, "EUR"}   },
        {.title = S("Kabelloser Barcode-Scanner mit Ladeschale und sehr langem "
                    "Namen, der nicht in eine Zeile passt"),
         .sku = S("SCAN-BT-2"),
         .qty = 60,
         .serials = serials,
         .serial_count = COUNT_OF(serials),
         .price = {1234500, "EUR"}}
    };
    struct doc_slip slip = {
        .paper = DOC_A4,
        .shop = S("Hafenkontor"),
        .from = sample_sender,
        .to = friend,
        .order = S("#10042"),
        .package = S("pkg_01hq8m3x5t7v9"),
        .carrier = S("Wharf Local"),
        .service = S("Standard"),
        .tracking = S("WL123456789012DE"),
        .link = S("https://track.example.com/t/Zk3q9x7Lw2PbN8sT"),
        .order_day = 20778,
        .day = 20779,
        .piece = 1,
        .pieces = 2,
        .lines = lines,
        .line_count = COUNT_OF(lines),
        .gift_message = S("Alles Gute zum Geburtstag, liebe Žofie! 🎂\n"
                          "Ein Stück Hafen für dich.\n— Jürgen & 家族"),
        .note = S("Not quite right? Send it back within 30 days; how is on "
                  "https://example.com/returns.")};
    str bytes = STR_NONE;
    sample_save(ctx, "packing_slip.pdf", doc_slip_pdf(ctx, &slip, &bytes),
                &bytes);
    slip.paper = DOC_LETTER;
    slip.with_prices = true;
    slip.gift_message = STR_NONE;
    sample_save(ctx, "packing_slip_prices.pdf",
                doc_slip_pdf(ctx, &slip, &bytes), &bytes);
}

static void pick_list(struct ctx *ctx)
{
    static const struct doc_attr attrs[] = {
        {S("Engraving"), S("Für Žofie, 22. 11. 2026")}
    };
    static struct doc_pick_line lines[24];
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        size_t n = i * 7 % COUNT_OF(lines);
        lines[i] = (struct doc_pick_line){
            .bin = str_printf(ctx->arena, "A-%02zu-%zu", n / 6 + 1, n % 6 * 2),
            .sku = str_printf(ctx->arena, "TEA-%04zu-250", 1000 + n),
            .title = str_printf(ctx->arena, "Tea of garden %zu, 250 g", n),
            .qty = (int64_t)(n * n % 40 + 1),
            .into = str_printf(ctx->arena, "#%zu", 10042 + n % 5)};
    }
    lines[3].lot = STR("L-2031");
    lines[5].code = STR("4006381333931");
    lines[7].attrs = attrs;
    lines[7].attr_count = 1;
    lines[7].title = STR("Silver locket, round, with a chain of 45 cm and a "
                         "box lined with velvet");
    lines[9].bin = STR_NONE;
    const struct doc_pick_list list = {.paper = DOC_A4,
                                       .number = STR("PT-2026-0412"),
                                       .mode = STR("Wave 12, 5 orders"),
                                       .location = STR("HAM-2"),
                                       .assignee = STR("Łukasz W."),
                                       .tote = STR("T-17"),
                                       .deadline = STR("2026-11-22 16:00 CET"),
                                       .lines = lines,
                                       .line_count = COUNT_OF(lines)};
    str bytes = STR_NONE;
    sample_save(ctx, "pick_list.pdf", doc_pick_pdf(ctx, &list, &bytes), &bytes);
}

static void manifest(struct ctx *ctx)
{
    static struct doc_manifest_line lines[70];
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i] = (struct doc_manifest_line){
            .tracking = str_printf(ctx->arena, "WL%012zuDE", 123456789012 + i),
            .service = i % 3 ? STR("Standard") : STR("Express 12:00"),
            .reference = str_printf(ctx->arena, "#%zu", 10042 + i),
            .postal_code = str_printf(ctx->arena, "%05zu", 20000 + 131 * i),
            .country = STR("DE"),
            .weight_g = (int64_t)(350 + 77 * i)};
    const struct doc_manifest facts = {.paper = DOC_A4,
                                       .number = STR("MF-2026-11-22-01"),
                                       .carrier = STR("Wharf Local"),
                                       .account = STR("400123"),
                                       .day = 20779,
                                       .from = sample_sender,
                                       .lines = lines,
                                       .line_count = COUNT_OF(lines)};
    str bytes = STR_NONE;
    sample_save(ctx, "manifest.pdf", doc_manifest_pdf(ctx, &facts, &bytes),
                &bytes);
}

static void customs(struct ctx *ctx)
{
    static const struct doc_customs_line lines[] = {
        {.title = S("Silver locket, engraved"),
         .hs_code = S("7113.11.00"),
         .origin = S("DE"),
         .qty = 1,
         .unit_price = {8900, "EUR"},
         .weight_g = 40  },
        {.title = S("Black tea, 250 g, in a tin box"),
         .hs_code = S("0902 30 00"),
         .origin = S("IN"),
         .qty = 3,
         .unit_price = {1990, "EUR"},
         .weight_g = 960 },
        {.title = S("Linen tea towel 茶巾"),
         .hs_code = S("6302.91"),
         .origin = S("PT"),
         .qty = 12,
         .unit_price = {795, "EUR"},
         .weight_g = 1080}
    };
    struct doc_customs facts = {
        .paper = DOC_A4,
        .number = STR("R-2026-004711"),
        .day = 20779,
        .from = sample_sender,
        .to = buyer,
        .from_tax = STR("EORI DE123456789012345"),
        .to_tax = STR("JP 1234567890123"),
        .to_email = STR("taro@example.jp"),
        .incoterm = STR("DDP"),
        .reason = DOC_EXPORT_SALE,
        .lines = lines,
        .line_count = COUNT_OF(lines),
        .shipping = {2450, "EUR"},
        .insurance = {300,  "EUR"},
        .gross_weight_g = 2350,
        .packages = 1,
        .carrier = STR("Wharf Local Express"),
        .tracking = STR("WL123456789012DE"),
        .order = STR("#10042"),
        .signatory = STR("Jürgen Petersen")
    };
    str bytes = STR_NONE;
    sample_save(ctx, "commercial_invoice.pdf",
                doc_invoice_pdf(ctx, &facts, &bytes), &bytes);
    sample_save(ctx, "cn23.pdf", doc_cn23_pdf(ctx, &facts, &bytes), &bytes);
    facts.reason = DOC_EXPORT_GIFT;
    sample_save(ctx, "cn22.pdf", doc_cn22_pdf(ctx, &facts, &bytes), &bytes);
}

static void returning(struct ctx *ctx)
{
    static const struct doc_return_item items[] = {
        {S("Darjeeling First Flush 2026, 250 g"), S("TEA-DJ-FF-250"), 1},
        {S("Linen tea towel 茶巾"),             S("TOWEL-LIN-1"),   2}
    };
    struct doc_return back = {
        .paper = DOC_A4,
        .shop = STR("Hafenkontor"),
        .number = STR("RMA-2026-0099"),
        .order = STR("#10042"),
        .until = 20809,
        .items = items,
        .item_count = COUNT_OF(items),
        .label = {.from = friend,
                  .to = sample_sender,
                  .carrier = STR("Wharf Local"),
                  .service = STR("RETURN PARCEL"),
                  .tracking = STR("WL000000000099DE"),
                  .reference = STR("RMA-2026-0099")}
    };
    str bytes = STR_NONE;
    sample_save(ctx, "return.pdf", doc_return_pdf(ctx, &back, &bytes), &bytes);
    back.paper = DOC_LETTER;
    sample_save(ctx, "return_letter.pdf", doc_return_pdf(ctx, &back, &bytes),
                &bytes);
}

void samples_of_papers(struct ctx *ctx)
{
    slips(ctx);
    pick_list(ctx);
    manifest(ctx);
    customs(ctx);
    returning(ctx);
}
