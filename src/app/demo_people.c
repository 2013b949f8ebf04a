/* demo_people.c - who buys from the demo merchant. */
#include "app/demo_buy.h"
#include "base/arena.h"
#include "base/str.h"

enum { BUYERS = 4, FIRST = 12, LAST = 12, TOWNS = 8, REGULARS = 18 };

/* clang-format off */
/* Of the last orders: names of every script. */
static const struct order_party buyers[DEMO_CHANNELS][BUYERS] = {
    {{.name = STR_INIT("Ada Schmidt"), .line1 = STR_INIT("Lindenstraße 12"),
      .city = STR_INIT("Berlin"), .postal_code = STR_INIT("10969"), .country = STR_INIT("DE")},
     {.name = STR_INIT("Jörg Müller-Weiß"), .line1 = STR_INIT("Große Elbstraße 45"),
      .city = STR_INIT("Hamburg"), .postal_code = STR_INIT("22767"), .country = STR_INIT("DE")},
     {.name = STR_INIT("ليلى حداد"), .line1 = STR_INIT("Sonnenallee 101"),
      .city = STR_INIT("Berlin"), .postal_code = STR_INIT("12045"), .country = STR_INIT("DE")},
     {.name = STR_INIT("Олена Шевченко"), .line1 = STR_INIT("Kaiserstraße 8"),
      .city = STR_INIT("Leipzig"), .postal_code = STR_INIT("04109"), .country = STR_INIT("DE")}},
    {{.name = STR_INIT("Grace Miller"), .line1 = STR_INIT("44 Dock Street"),
      .city = STR_INIT("Baltimore"), .region = STR_INIT("MD"),
      .postal_code = STR_INIT("21230"), .country = STR_INIT("US")},
     {.name = STR_INIT("José Rivera"), .line1 = STR_INIT("901 Bay Avenue"),
      .line2 = STR_INIT("Apt 12C"), .city = STR_INIT("Tampa"), .region = STR_INIT("FL"),
      .postal_code = STR_INIT("33602"), .country = STR_INIT("US")},
     {.name = STR_INIT("Mei Chen"), .line1 = STR_INIT("77 Grant Road"),
      .city = STR_INIT("San Francisco"), .region = STR_INIT("CA"),
      .postal_code = STR_INIT("94108"), .country = STR_INIT("US")},
     {.name = STR_INIT("Owen Clark"), .company = STR_INIT("Clark & Daughters"),
      .line1 = STR_INIT("5 Mill Lane"), .city = STR_INIT("Portland"),
      .region = STR_INIT("ME"), .postal_code = STR_INIT("04101"), .country = STR_INIT("US")}},
    {{.name = STR_INIT("Lena Øst"), .line1 = STR_INIT("Havnegade 3"),
      .city = STR_INIT("Aarhus"), .postal_code = STR_INIT("8000"), .country = STR_INIT("DK")},
     {.name = STR_INIT("Chloé Lefèvre"), .line1 = STR_INIT("18 quai des Chartrons"),
      .city = STR_INIT("Bordeaux"), .postal_code = STR_INIT("33000"),
      .country = STR_INIT("FR")},
     {.name = STR_INIT("Łukasz Wiśniewski"), .line1 = STR_INIT("ul. Długa 27"),
      .city = STR_INIT("Gdańsk"), .postal_code = STR_INIT("80-827"),
      .country = STR_INIT("PL")},
     {.name = STR_INIT("Giulia Conti"), .line1 = STR_INIT("Via Garibaldi 6"),
      .city = STR_INIT("Genova"), .postal_code = STR_INIT("16124"),
      .country = STR_INIT("IT")}},
    {{.name = STR_INIT("田中 蓮"), .line1 = STR_INIT("芝公園4-2-8"), .city = STR_INIT("港区"),
      .region = STR_INIT("東京都"), .postal_code = STR_INIT("105-0011"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("佐藤 葵"), .line1 = STR_INIT("梅田3-1-1"), .city = STR_INIT("大阪市北区"),
      .region = STR_INIT("大阪府"), .postal_code = STR_INIT("530-0001"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("Ren Suzuki"), .line1 = STR_INIT("1-9-1 Marunouchi"),
      .city = STR_INIT("Tokyo"), .postal_code = STR_INIT("100-0005"),
      .country = STR_INIT("JP")},
     {.name = STR_INIT("김민준"), .line1 = STR_INIT("1-2-3 Sakuragicho"),
      .city = STR_INIT("Yokohama"), .postal_code = STR_INIT("231-0062"),
      .country = STR_INIT("JP")}},
};

/* Of those before: a first name, a last name, a town. */
static const struct {
    const char *first[FIRST], *last[LAST];
    struct {
        const char *city, *region, *code, *street;
    } towns[TOWNS];
    const char *country;
} folk[DEMO_CHANNELS] = {
    {{"Anna", "Jonas", "Mia", "Lukas", "Emine", "Paul", "Greta", "Felix", "Ida",
      "Mehmet", "Clara", "Theo"},
     {"Fischer", "Wagner", "Becker", "Krüger", "Yılmaz", "Vogel", "Lorenz",
      "Hartmann", "Brandt", "Kowalski", "Seidel", "Nagel"},
     {{"Berlin", "", "10115", "Torstraße 4"}, {"Hamburg", "", "20359", "Hafentreppe 2"},
      {"München", "", "80331", "Am Anger 9"}, {"Köln", "", "50667", "Rheingasse 17"},
      {"Leipzig", "", "04109", "Markt 3"}, {"Kiel", "", "24103", "Wall 38"},
      {"Bremen", "", "28195", "Schlachte 11"}, {"Dresden", "", "01067", "Elbufer 5"}},
     "DE"},
    {{"Emma", "Liam", "Olivia", "Noah", "Ava", "Diego", "Sofia", "Ethan", "Maya",
      "Jack", "Ruth", "Caleb"},
     {"Johnson", "Garcia", "Nguyen", "Baker", "Brooks", "Patel", "Foster", "Reed",
      "Murphy", "Lopez", "Hayes", "Kim"},
     {{"New York", "NY", "10011", "214 W 18th Street"}, {"Boston", "MA", "02110", "9 Long Wharf"},
      {"Chicago", "IL", "60611", "80 E Lake Street"}, {"Seattle", "WA", "98101", "1400 Pike Place"},
      {"Austin", "TX", "78701", "311 Congress Ave"}, {"Miami", "FL", "33132", "50 Biscayne Way"},
      {"Denver", "CO", "80202", "1701 Wynkoop Street"}, {"Portland", "OR", "97209", "620 NW Dock Road"}},
     "US"},
    {{"Freja", "Hugo", "Zofia", "Marco", "Inès", "Lars", "Elena", "Louis", "Kasia",
      "Anton", "Nora", "Matteo"},
     {"Nielsen", "Dubois", "Kowalczyk", "Rossi", "Moreau", "Jensen", "Bianchi",
      "Laurent", "Nowak", "Berg", "Ricci", "Petit"},
     {{"København", "", "1050", "Nyhavn 12"}, {"Paris", "", "75010", "4 quai de Valmy"},
      {"Kraków", "", "31-042", "Rynek 8"}, {"Milano", "", "20121", "Via Brera 3"},
      {"Aarhus", "", "8000", "Kajen 1"}, {"Lyon", "", "69002", "7 rue du Port"},
      {"Gdynia", "", "81-350", "ul. Portowa 5"}, {"Torino", "", "10121", "Via Po 21"}},
     NULL},
    {{"蓮", "葵", "陽菜", "湊", "結衣", "大翔", "さくら", "悠真", "美咲", "翔太", "Emi", "Ken"},
     {"佐々木", "山本", "中村", "小林", "加藤", "吉田", "渡辺", "伊藤", "松本", "井上",
      "Tanaka", "Mori"},
     {{"渋谷区", "東京都", "150-0002", "渋谷2-1-1"}, {"横浜市", "神奈川県", "220-0012", "港町3-6"},
      {"大阪市", "大阪府", "530-0011", "大深町4-1"}, {"京都市", "京都府", "600-8216", "東塩小路9"},
      {"台東区", "東京都", "111-0032", "浅草1-3"}, {"名古屋市", "愛知県", "450-0002", "名駅1-1-4"},
      {"福岡市", "福岡県", "812-0011", "博多駅前2-4"}, {"札幌市", "北海道", "060-0005", "北五条西2"}},
     "JP"},
};
/* Where the marketplace sends to, as its towns go round. */
static const char *const neighbors[] = {"DK", "FR", "PL", "IT"};
/* clang-format on */

static void known(struct ctx *ctx, int n, int shop, struct demo_buyer *ret)
{
    int buyer = n / DEMO_CHANNELS % BUYERS;
    ret->address = buyers[shop][buyer];
    ret->customer = (struct order_party){
        .name = buyers[shop][buyer].name,
        .email = str_printf(ctx->arena, "buyer%d@example.com",
                            shop * BUYERS + buyer + 1)};
}

/* Some come again and again, the others once or twice. */
static int person_of(int n)
{
    if (demo_chance(n, 1, 100) < 45)
        return demo_chance(n, 2, REGULARS);
    return demo_chance(n, 3, FIRST * LAST);
}

void demo_buyer_of(struct ctx *ctx, int n, struct demo_buyer *ret)
{
    int shop = demo_channel_of(n), person = person_of(n);
    if (n >= DEMO_OLD) {
        known(ctx, n, shop, ret);
        return;
    }
    const char *first = folk[shop].first[person % FIRST];
    const char *last = folk[shop].last[person / FIRST];
    int town = (person * 5 + person / FIRST) % TOWNS;
    ret->address = (struct order_party){
        .name = shop == 3 ? str_printf(ctx->arena, "%s %s", last, first)
                          : str_printf(ctx->arena, "%s %s", first, last),
        .line1 = str_from_cstr(folk[shop].towns[town].street),
        .city = str_from_cstr(folk[shop].towns[town].city),
        .region = str_from_cstr(folk[shop].towns[town].region),
        .postal_code = str_from_cstr(folk[shop].towns[town].code),
        .country = str_from_cstr(folk[shop].country ? folk[shop].country
                                                    : neighbors[town % 4]),
    };
    ret->customer = (struct order_party){
        .name = ret->address.name,
        .email = str_printf(ctx->arena, "guest%d-%d@example.com", shop + 1,
                            person + 1)};
}
