/* demo_office.c - what the demo merchant's people do beside the orders of the
 * shops: buy in, sell to companies, count, move stock, look at the books.
 */
#include "app/demo.h"

#include <assert.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

/* clang-format off */
#define RATES(hour, usd, jpy)                                                  \
    {hour, NULL, "recordFxRate", "{\"currency\":\"USD\",\"books\":\"EUR\","    \
     "\"rate_ppb\":" usd ",\"valid_from\":@at+0,\"source\":\"ECB\"}"},         \
    {hour, NULL, "recordFxRate", "{\"currency\":\"JPY\",\"books\":\"EUR\","    \
     "\"rate_ppb\":" jpy ",\"valid_from\":@at+0,\"source\":\"ECB\"}"}
static const struct demo_deed rates[] = {
    RATES(0, "921400000", "6120000"), RATES(168, "924900000", "6085000"),
    RATES(336, "918200000", "6101000"), RATES(504, "915700000", "6143000"),
    RATES(672, "919300000", "6158000"), RATES(840, "926100000", "6127000"),
    RATES(1008, "928800000", "6094000"), RATES(1176, "923500000", "6110000"),
    RATES(1344, "920600000", "6132000"),
};

/* ---- suppliers ---- */

static const struct demo_deed suppliers[] = {
    {0, NULL, "createSupplier", "{\"code\":\"porto\",\"name\":\"Têxtil do Porto\","
     "\"currency\":\"EUR\",\"email\":\"orders@porto.example\",\"lead_days\":12,"
     "\"over_percent\":5}"},
    {0, NULL, "createSupplier", "{\"code\":\"nordic\",\"name\":\"Nordic Wool\","
     "\"currency\":\"EUR\",\"email\":\"sales@nordic.example\",\"lead_days\":9}"},
    {0, NULL, "createSupplier", "{\"code\":\"harbor\",\"name\":\"Harbor Goods\","
     "\"currency\":\"EUR\",\"email\":\"hello@harbor.example\",\"lead_days\":6}"},
};
#define LINE(sku, qty, cost)                                                   \
    "{\"sku\":\"" sku "\",\"quantity\":" qty                                   \
    ",\"unit_cost\":{\"amount\":" cost ",\"currency\":\"EUR\"}}"
#define BUY(supplier, place, lines)                                            \
    {0, NULL, "createPurchaseOrder", "{\"supplier\":\"" supplier               \
     "\",\"location\":\"" place "\",\"currency\":\"EUR\",\"lines\":[" lines "]}"}
#define SENT                                                                   \
    {5, "po", "approvePurchaseOrder", "{\"version\":@v}"},                     \
    {6, "po", "sendPurchaseOrder", "{\"version\":@v}"}
#define TEES                                                                   \
    LINE("TEE-NAVY-M", "80", "890") "," LINE("TEE-NAVY-L", "60", "890") ","    \
    LINE("TEE-SAND-M", "40", "890")
static const struct demo_deed bought_tees[] = {
    BUY("porto", "wh-berlin", TEES), SENT,
    {200, "po", "receivePurchaseOrder", "{\"version\":@v,\"reference\":\"DN-4411\"}"},
    {210, "po", "closePurchaseOrder", "{\"version\":@v}"},
};
static const struct demo_deed bought_mugs[] = {
    BUY("harbor", "wh-newark", LINE("MUG-ENAMEL", "120", "420") ","
        LINE("SOAP-SALT", "100", "180")), SENT,
    {150, "po", "receivePurchaseOrder", "{\"version\":@v,\"reference\":\"HG-902\"}"},
};
static const struct demo_deed bought_in_part[] = {
    BUY("nordic", "wh-berlin", LINE("BLANKET-WOOL", "40", "3900") ","
        LINE("CAP-KNIT", "60", "1100")), SENT,
    {130, "po", "receivePurchaseOrder", "{\"version\":@v,\"reference\":\"NW-77\","
     "\"lines\":[{\"line\":1,\"quantity\":25},"
     "{\"line\":1,\"quantity\":2,\"bucket\":\"damaged\"}]}"},
};
static const struct demo_deed bought_sent[] = {
    BUY("nordic", "wh-newark", LINE("CAP-KNIT", "150", "1100")), SENT,
};
static const struct demo_deed bought_approved[] = {
    BUY("harbor", "wh-osaka", LINE("NOTEBOOK-A5", "90", "350") ","
        LINE("KNIFE-DECK", "20", "2300")),
    {5, "po", "approvePurchaseOrder", "{\"version\":@v}"},
};
static const struct demo_deed bought_draft[] = {
    BUY("porto", "wh-berlin", LINE("BAG-CANVAS", "50", "1300")),
};
static const struct demo_deed bought_off[] = {
    BUY("harbor", "wh-berlin", LINE("ROPE-10M", "30", "640")), SENT,
    {40, "po", "cancelPurchaseOrder", "{\"version\":@v}"},
};

/* ---- stock ---- */

#define MOVE(from, to, sku, qty)                                               \
    {0, NULL, "createTransfer", "{\"from\":\"" from "\",\"to\":\"" to          \
     "\",\"lines\":[{\"sku\":\"" sku "\",\"quantity\":" qty "}]}"}
#define LEFT                                                                   \
    {2, "trf", "readyTransfer", "{\"version\":@v}"},                           \
    {20, "trf", "shipTransfer", "{\"version\":@v}"}
static const struct demo_deed moved[] = {
    MOVE("wh-berlin", "store-hamburg", "TEE-SAND-M", "12"), LEFT,
    {60, "trf", "receiveTransfer", "{\"version\":@v}"},
};
static const struct demo_deed moving[] = {
    MOVE("wh-newark", "store-brooklyn", "ROPE-10M", "10"), LEFT,
};
static const struct demo_deed move_planned[] = {
    MOVE("wh-osaka", "store-tokyo", "MUG-ENAMEL", "15"),
    {1, "trf", "readyTransfer", "{\"version\":@v}"},
};
static const struct demo_deed counted[] = {
    {0, NULL, "createCount", "{\"location\":\"store-hamburg\",\"name\":"
     "\"Spring count\",\"skus\":[\"SOAP-SALT\",\"NOTEBOOK-A5\"]}"},
    {2, "cnt", "enterCount", "{\"items\":[{\"sku\":\"SOAP-SALT\",\"quantity\":30},"
     "{\"sku\":\"NOTEBOOK-A5\",\"quantity\":22}]}"},
    {3, "cnt", "reviewCount", "{\"version\":@v}"},
    {4, "cnt", "postCount", "{\"version\":@v}"},
};
#define LOW(sku, place, n)                                                     \
    "{\"sku\":\"" sku "\",\"location\":\"" place "\",\"low_stock\":" n "}"
static const struct demo_deed lows[] = {
    {0, NULL, "setPolicies", "{\"items\":["
     LOW("TEE-NAVY-M", "wh-berlin", "20") "," LOW("TEE-NAVY-L", "wh-berlin", "20") ","
     LOW("MUG-ENAMEL", "wh-berlin", "20") "," LOW("CAP-KNIT", "wh-newark", "30") ","
     LOW("SOAP-SALT", "wh-newark", "20") "," LOW("KNIFE-DECK", "store-tokyo", "25") ","
     LOW("SOAP-SALT", "store-hamburg", "40") "," LOW("NOTEBOOK-A5", "store-hamburg", "25")
     "]}"},
};

/* ---- companies ---- */

#define PRICE(sku, amount, currency)                                           \
    "{\"sku\":\"" sku "\",\"unit_price\":{\"amount\":" amount                  \
    ",\"currency\":\"" currency "\"}}"
#define KIOSK                                                                  \
    {0, NULL, "createCompany", "{\"name\":\"Kiosk Nord GmbH\","                \
     "\"tax_id\":\"DE811234567\",\"currency\":\"EUR\",\"credit_limit\":"       \
     "{\"amount\":600000,\"currency\":\"EUR\"},\"terms_days\":30,"             \
     "\"approval_over\":{\"amount\":200000,\"currency\":\"EUR\"}}"},           \
    {1, "cmp", "setCompanyPrices", "{\"version\":@v,\"prices\":["              \
     PRICE("MUG-ENAMEL", "990", "EUR") "," PRICE("SOAP-SALT", "420", "EUR") "," \
     PRICE("TEE-NAVY-M", "1690", "EUR") "," PRICE("NOTEBOOK-A5", "790", "EUR") "]}"}
#define FOR_KIOSK                                                              \
    "\"channel\":\"web-de\",\"customer\":{\"name\":\"Kai Petersen\","          \
    "\"email\":\"einkauf@kiosk-nord.example\"},\"shipping_address\":{"    \
    "\"name\":\"Kai Petersen\",\"company\":\"Kiosk Nord GmbH\","               \
    "\"line1\":\"Fährhausstraße 1\",\"city\":\"Hamburg\","                     \
    "\"postal_code\":\"22085\",\"country\":\"DE\"}"
#define DRAFT(hour, po, lines)                                                 \
    {hour, NULL, "createDraft", "{\"company_id\":@id:cmp,\"po_number\":\"" po  \
     "\",\"order\":{" FOR_KIOSK ",\"lines\":[" lines "]}}"}
#define OF(sku, n) "{\"sku\":\"" sku "\",\"quantity\":" n "}"
/* One tale: its drafts are one after the other. */
static const struct demo_deed kiosk[] = {
    KIOSK,
    DRAFT(500, "45001", OF("TEE-NAVY-M", "10")),
    {503, "drf", "sendDraft", "{\"version\":@v,\"valid_until\":@now+240}"},
    {510, "drf", "declineDraft", "{\"version\":@v,\"reason\":\"too dear\"}"},
    /* Nobody answers in time. */
    DRAFT(560, "45006", OF("MUG-ENAMEL", "24")),
    {562, "drf", "sendDraft", "{\"version\":@v,\"valid_until\":@now+168}"},
    DRAFT(600, "45002", OF("NOTEBOOK-A5", "12")),
    {603, "drf", "discardDraft", "{\"version\":@v}"},
    /* Every Monday soap, and nothing of it is due yet. */
    {900, NULL, "createBlanketOrder", "{\"company_id\":@id:cmp,"
     "\"po_number\":\"45100\",\"reserve_days\":2,\"every\":{\"unit\":\"week\","
     "\"from\":@now+700,\"times\":8},\"order\":{" FOR_KIOSK ",\"lines\":["
     OF("SOAP-SALT", "24") "]}}"},
    {902, "blk", "activateBlanketOrder", "{\"version\":@v}"},
    {1200, NULL, "createBlanketOrder", "{\"company_id\":@id:cmp,"
     "\"po_number\":\"45101\",\"order\":{" FOR_KIOSK ",\"lines\":["
     OF("MUG-ENAMEL", "20") "]},\"every\":{\"unit\":\"month\","
     "\"from\":@now+900,\"times\":6}}"},
    DRAFT(1250, "45003", OF("MUG-ENAMEL", "40") "," OF("TEE-NAVY-M", "110")),
    {1253, "drf", "requestDraft", "{\"version\":@v}"},
    DRAFT(1400, "45004", OF("SOAP-SALT", "30") "," OF("MUG-ENAMEL", "6")),
    {1403, "drf", "sendDraft", "{\"version\":@v,\"valid_until\":@now+330}"},
    DRAFT(1420, "45005", OF("NOTEBOOK-A5", "40")),
};
/* What became orders: each a tale of its own, as its goods walk. */
#define SECOND                                                                 \
    {0, NULL, "createCompany", "{\"name\":\"Clark & Daughters\","              \
     "\"currency\":\"USD\",\"credit_limit\":{\"amount\":250000,"               \
     "\"currency\":\"USD\"},\"terms_days\":14}"},                              \
    {1, "cmp", "setCompanyPrices", "{\"version\":@v,\"prices\":["              \
     PRICE("LAMP-HARBOR", "9900", "USD") "," PRICE("BLANKET-WOOL", "6900", "USD") "]}"}
static const struct demo_deed clark[] = {
    SECOND,
    {3, NULL, "createDraft", "{\"company_id\":@id:cmp,\"po_number\":\"CD-17\","
     "\"order\":{\"channel\":\"web-us\",\"customer\":{\"name\":\"Owen Clark\","
     "\"email\":\"owen@clark.example\"},\"shipping_address\":{"
     "\"name\":\"Owen Clark\",\"company\":\"Clark & Daughters\",\"line1\":"
     "\"5 Mill Lane\",\"city\":\"Portland\",\"region\":\"ME\","
     "\"postal_code\":\"04101\",\"country\":\"US\"},\"lines\":["
     OF("LAMP-HARBOR", "4") "," OF("BLANKET-WOOL", "4") "]}}"},
    {10, "drf", "sendDraft", "{\"version\":@v,\"valid_until\":@now+300}"},
    {30, "drf", "acceptDraft", "{\"version\":@v}"},
    {33, "drf", "convertDraft", "{\"version\":@v}"},
    {34, NULL, NULL, NULL},
};

/* ---- the house ---- */

static const struct demo_deed fraud[] = {
    {0, "chn", "putScoreRules", "{\"version\":0,\"threshold\":60,\"rules\":["
     "{\"name\":\"large\",\"kind\":\"value\",\"points\":60,\"above\":"
     "{\"amount\":80000,\"currency\":\"USD\"}}]}"},
};
static const struct demo_deed money_first[] = {
    {0, "chn", "changeChannel", "{\"version\":@v,\"payment\":"
     "{\"release\":\"paid\",\"capture\":\"manual\"}}"},
};
static const struct demo_deed invoicing[] = {
    {0, NULL, "createInvoiceSeries", "{\"code\":\"de\",\"prefix\":\"RE\","
     "\"credit_prefix\":\"GS\",\"name\":\"Germany\",\"seller\":{"
     "\"company\":\"Wharf Handels GmbH\",\"line1\":\"Hafenplatz 1\","
     "\"city\":\"Berlin\",\"postal_code\":\"10963\",\"country\":\"DE\","
     "\"tax_id\":\"DE123456789\"}}"},
    {0, "chn", "putInvoicing", "{\"version\":0,\"series\":\"de\",\"issue_on\":\"ship\"}"},
};
static const struct demo_deed webhook[] = {
    {0, NULL, "createWebhook", "{\"url\":\"http://192.168.1.20:9100/orders\","
     "\"types\":[\"order.placed\",\"order.shipped\"],"
     "\"description\":\"Bookkeeping\"}"},
    {0, NULL, "createWebhook", "{\"url\":\"https://warehouse.example/events\","
     "\"types\":[\"fulfillment_order.opened\"],\"is_active\":false,"
     "\"description\":\"Old warehouse, switched off\"}"},
};
#define VIEW(list, name, query)                                                \
    {0, NULL, "createView", "{\"list\":\"" list "\",\"name\":\"" name          \
     "\",\"query\":\"" query "\",\"is_shared\":true}"}
static const struct demo_deed views[] = {
    VIEW("orders", "Waits for money", "status=confirmed&payment=unpaid"),
    VIEW("orders", "Germany", "channel=web-de"),
    VIEW("orders", "Disputed", "payment=disputed"),
    VIEW("returns", "To inspect", "state=received"),
    VIEW("inventory", "Berlin", "location=wh-berlin"),
};
static const struct demo_deed cards[] = {
    {0, NULL, "issueGiftCard", "{\"amount\":{\"amount\":5000,\"currency\":\"EUR\"},"
     "\"reference\":\"prize of the raffle\"}"},
};

static const struct {
    int hour;
    const char *channel; /* That it is about; NULL: none. */
    const struct demo_deed *deeds;
    size_t count;
} affairs[] = {
#define AFFAIR(hour, channel, deeds) {hour, channel, deeds, COUNT_OF(deeds)}
    AFFAIR(0, NULL, rates), AFFAIR(0, NULL, suppliers), AFFAIR(0, NULL, lows),
    AFFAIR(3, "market-de", money_first), AFFAIR(3, "web-de", invoicing),
    AFFAIR(3, "web-us", fraud), AFFAIR(12, NULL, kiosk), AFFAIR(1200, NULL, clark),
    AFFAIR(300, NULL, bought_tees), AFFAIR(840, NULL, bought_tees),
    AFFAIR(1000, NULL, bought_mugs), AFFAIR(1290, NULL, bought_in_part),
    AFFAIR(1390, NULL, bought_sent), AFFAIR(1420, NULL, bought_approved),
    AFFAIR(1434, NULL, bought_draft), AFFAIR(900, NULL, bought_off),
    AFFAIR(500, NULL, moved), AFFAIR(1410, NULL, moving),
    AFFAIR(1430, NULL, move_planned), AFFAIR(800, NULL, counted),
    AFFAIR(600, NULL, cards), AFFAIR(100, NULL, views), AFFAIR(1438, NULL, webhook),
};
/* clang-format on */

void demo_plan_office(struct demo *demo)
{
    static_assert(COUNT_OF(affairs) <= DEMO_AFFAIRS, "room for each");
    for (size_t i = 0; i < COUNT_OF(affairs); i++) {
        struct demo_tale *tale = &demo->tales[DEMO_ORDERS + i];
        tale->hour = affairs[i].hour;
        tale->deeds = affairs[i].deeds;
        tale->deed_count = affairs[i].count;
        if (affairs[i].channel)
            demo_remember_channel(demo, affairs[i].channel, tale);
    }
}

/* Who does all this; the store has no password of theirs. */
err_t demo_make_people(struct ctx *ctx, void *arg)
{
    static const char *const people[] = {
        "{\"email\":\"mara.lind@wharf.example\",\"name\":\"Mara Lind\","
        "\"roles\":[\"manager\"]}",
        "{\"email\":\"tom.okafor@wharf.example\",\"name\":\"Tom Okafor\","
        "\"roles\":[\"warehouse\"]}",
        "{\"email\":\"yui.sato@wharf.example\",\"name\":\"Yui Sato\","
        "\"roles\":[\"support\"]}",
    };
    struct demo *demo = arg;
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        struct json_in *reply;
        struct actor *actor = &demo->people[i];
        actor->kind = ACTOR_USER;
        TRY(demo_call(ctx, "createUser", NULL, str_from_cstr(people[i]),
                      &reply));
        TRY(json_get_id(reply, "id", "usr", &actor->id));
    }
    return OK;
}
