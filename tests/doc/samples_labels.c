/* samples_labels.c - a label to each corner of the world. */
#include "samples.h"

#include "base/doc_label.h"
#include "base/str.h"

#define S(text) STR_INIT(text)

static const struct {
    const char *name;
    struct doc_address to;
} people[] = {
    {"latin",
     {.name = S("Zoë Ångström-Müller"),
      .line1 = S("1600 Amphitheatre Parkway"),
      .line2 = S("Building 40, Suite 200"),
      .city = S("Mountain View"),
      .region = S("CA"),
      .postal_code = S("94043"),
      .country = S("US")}},
    {"polish",
     {.name = S("Łukasz Wiśniewski"),
      .company = S("Księgarnia Żółw i Gęś"),
      .line1 = S("ul. Świętojańska 12/3"),
      .city = S("Gdynia"),
      .postal_code = S("81-368"),
      .country = S("PL")}},
    {"cyrillic",
     {.name = S("Олександра Шевченко"),
      .line1 = S("вулиця Хрещатик, 22, кв. 14"),
      .city = S("Київ"),
      .postal_code = S("01001"),
      .country = S("UA")}},
    {"greek",
     {.name = S("Γιώργος Παπαδόπουλος"),
      .line1 = S("Λεωφόρος Βασιλίσσης Σοφίας 12"),
      .city = S("Αθήνα"),
      .postal_code = S("106 74"),
      .country = S("GR")}},
    {"arabic",
     {.name = S("محمد بن عبد الله"),
      .line1 = S("شارع الملك فهد 123، الطابق 4"),
      .city = S("الرياض"),
      .postal_code = S("12271"),
      .country = S("SA")}},
    {"hebrew",
     {.name = S("יעל כהן"),
      .line1 = S("רחוב דיזנגוף 99, דירה 5"),
      .city = S("תל אביב-יפו"),
      .postal_code = S("6439602"),
      .country = S("IL")}},
    {"devanagari",
     {.name = S("अनुष्का क्षत्रिय"),
      .line1 = S("१२, महात्मा गांधी मार्ग"),
      .city = S("नई दिल्ली"),
      .region = S("Delhi"),
      .postal_code = S("110001"),
      .country = S("IN")}},
    {"thai",
     {.name = S("สมชาย ใจดี"),
      .line1 = S("99/1 ถนนพระราม 4 แขวงปทุมวัน เขตปทุมวัน"),
      .city = S("กรุงเทพมหานคร"),
      .postal_code = S("10330"),
      .country = S("TH")}},
    {"japanese",
     {.name = S("山田 太郎 様"),
      .company = S("株式会社ワーフ商事"),
      .line1 = S("丸の内1丁目9番1号"),
      .line2 = S("東京駅ビル5階"),
      .city = S("千代田区"),
      .region = S("東京都"),
      .postal_code = S("100-0005"),
      .country = S("JP")}},
    {"chinese",
     {.name = S("王小明"),
      .line1 = S("浦东新区世纪大道100号"),
      .city = S("上海市"),
      .postal_code = S("200120"),
      .country = S("CN")}},
    {"korean",
     {.name = S("김민수"),
      .line1 = S("세종대로 110"),
      .city = S("중구"),
      .region = S("서울특별시"),
      .postal_code = S("04524"),
      .country = S("KR")}},
    {"escapes",
     {.name = S("^XA~JA_5E \\& >; O'Neil"),
      .line1 = S("^FDx^FS 1 Very Long Street Name That Goes On And On And "
                 "On Without Any End In Sight Whatsoever 12345"),
      .city = S("London"),
      .postal_code = S("SW1A 1AA"),
      .country = S("GB")}},
};

static struct doc_label label_for(size_t i)
{
    return (struct doc_label){
        .from = sample_sender,
        .to = people[i].to,
        .carrier = STR("Wharf Local"),
        .service = STR("STANDARD PARCEL"),
        .routing = STR("HAM-2"),
        .tracking = STR("WL123456789012DE"),
        .sscc = STR("340123450000000017"),
        .link = STR("https://track.example.com/t/Zk3q9x7Lw2PbN8sT"),
        .reference = STR("Order #10042"),
        .weight_g = 2350,
        .day = 20779,
        .piece = 1,
        .pieces = 3};
}

/* Both formats of it. */
static void save(struct ctx *ctx, const char *what,
                 const struct doc_label *label)
{
    char name[64];
    str bytes = STR_NONE;
    (void)snprintf(name, sizeof name, "label_%s.pdf", what);
    sample_save(ctx, name, doc_label_pdf(ctx, label, &bytes), &bytes);
    (void)snprintf(name, sizeof name, "label_%s.zpl", what);
    sample_save(ctx, name, doc_label_zpl(ctx, label, &bytes), &bytes);
}

/* As few facts as a label can have. */
static void bare(struct ctx *ctx)
{
    struct doc_label label = label_for(0);
    label.from.country = STR("US");
    label.sscc = label.link = label.reference = label.routing = STR_NONE;
    label.service = STR_NONE;
    label.pieces = label.piece = 0;
    label.day = 0;
    label.tracking = STR("00012345678905");
    label.units = DOC_IMPERIAL;
    label.is_return = true;
    save(ctx, "bare", &label);
}

void samples_of_labels(struct ctx *ctx)
{
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        struct doc_label label = label_for(i);
        save(ctx, people[i].name, &label);
    }
    bare(ctx);
}
