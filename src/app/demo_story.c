/* demo_story.c - what becomes of the demo merchant's orders, as far as it is
 * not the same as always: who changes his mind, who does not pay, what breaks.
 *
 * Hours are from the order; goods are packed after 8 and arrive after 50
 * (demo_walk.c). The first story that an order fits is its own.
 */
#include "app/demo_story.h"

#include "base/arena.h"

/* clang-format off */
static const struct demo_deed captured[] = {
    {13, "pay", "capturePayment", "{\"version\":@v}"},
};
static const struct demo_deed cancelled[] = {
    {2, "ord", "cancelOrder", "{\"version\":@v,\"reason\":\"changed their mind\"}"},
    {3, "ord", "createRefund", "{\"version\":@v,\"reason\":\"cancelled\"}"},
};
static const struct demo_deed voided[] = {
    {2, "ord", "cancelOrder", "{\"version\":@v,\"reason\":\"ordered twice\"}"},
    {3, "pay", "voidPayment", "{\"version\":@v}"},
};
static const struct demo_deed never_paid[] = {
    {96, "ord", "cancelOrder", "{\"version\":@v,\"reason\":\"never paid\"}"},
};
static const struct demo_deed held[] = {
    {1, "ord", "holdOrder", "{\"version\":@v,\"reason\":\"address\","
     "\"note\":\"no street number: ask the buyer\"}"},
};
static const struct demo_deed held_for_stock[] = {
    {1, "ord", "holdOrder", "{\"version\":@v,\"reason\":\"customer\","
     "\"note\":\"wants it with the next order\"}"},
};
static const struct demo_deed let_go[] = {
    {1, "ord", "holdOrder", "{\"version\":@v,\"reason\":\"address\","
     "\"note\":\"no street number: ask the buyer\"}"},
    {9, "ord", "addOrderNote", "{\"text\":\"Called; it is the house with the blue door.\"}"},
    {22, "ohd", "releaseOrderHold", "{\"version\":1}"},
};
static const struct demo_deed billed[] = {
    {300, "pay", "capturePayment", "{\"version\":@v,\"reference\":\"bank transfer\"}"},
};
static const struct demo_deed goodwill[] = {
    {80, "ord", "createRefund", "{\"version\":@v,\"reason\":\"came late\","
     "\"allowance\":{\"amount\":500,\"currency\":@cur}}"},
};
static const struct demo_deed overpaid[] = {
    {5, "ord", "createPayment", "{\"tender\":\"card\",\"done\":\"captured\","
     "\"amount\":{\"amount\":1000,\"currency\":@cur}}"},
};
#define MORE_SOAP                                                            \
    {1, "ord", "draftOrderChange", "{\"version\":@v,\"reason\":\"the buyer " \
     "called\",\"actions\":[{\"type\":\"add_line\",\"add\":{"                \
     "\"sku\":\"SOAP-SALT\",\"quantity\":1,"                                 \
     "\"unit_price\":{\"amount\":690,\"currency\":@cur}}}]}"}
static const struct demo_deed edited[] = {
    MORE_SOAP,
    {1, "chg", "requestOrderChange", "{\"version\":@v}"},
    {1, "chg", "confirmOrderChange", "{\"version\":@v}"},
    {2, "ord", "createPayment", "{\"tender\":\"card\",\"done\":\"captured\","
     "\"amount\":{\"amount\":690,\"currency\":@cur}}"},
};
static const struct demo_deed edited_unpaid[] = {
    MORE_SOAP,
    {1, "chg", "requestOrderChange", "{\"version\":@v}"},
    {1, "chg", "confirmOrderChange", "{\"version\":@v}"},
};
static const struct demo_deed edit_asked[] = {
    MORE_SOAP,
    {2, "chg", "requestOrderChange", "{\"version\":@v}"},
};
static const struct demo_deed gift[] = {
    {0, "ord", "tagOrder", "{\"version\":@v,\"add\":[\"gift\"]}"},
    {1, "ord", "addOrderNote", "{\"text\":\"Please wrap it; no invoice in the box.\"}"},
};
static const struct demo_deed regular[] = {
    {0, "ord", "tagOrder", "{\"version\":@v,\"add\":[\"vip\"]}"},
};

/* ---- who keeps stock for the merchant ---- */

#define ASKED                                                                 \
    {9, "fo", "moveFulfillmentOrder", "{\"version\":@v,"                      \
     "\"location\":\"3pl-chicago\"}"},                                        \
    {10, "fo", "submitFulfillmentOrder", "{\"version\":@v}"}
static const struct demo_deed asked_outside[] = {ASKED};
static const struct demo_deed accepted_outside[] = {
    ASKED, {14, "fo", "acceptFulfillmentOrder", "{\"version\":@v}"},
};
static const struct demo_deed rejected_outside[] = {
    ASKED, {14, "fo", "rejectFulfillmentOrder",
     "{\"version\":@v,\"reason\":\"the dock is closed this week\"}"},
};

/* ---- the bank of the buyer ---- */

#define CHARGEBACK(hour, id, reason)                                           \
    {hour, "pay", "recordPayment", "{\"type\":\"chargeback\","                  \
     "\"event_id\":\"" id "-1\",\"dispute\":\"" id "\",\"reason\":\"" reason   \
     "\",\"due_at\":@now+240,\"amount\":{\"amount\":900,\"currency\":@cur}}"}
static const struct demo_deed disputed[] = {
    CHARGEBACK(190, "CB-1003", "not received"),
};
static const struct demo_deed dispute_won[] = {
    CHARGEBACK(100, "CB-1001", "fraudulent"),
    {260, "pay", "recordPayment", "{\"type\":\"chargeback_reversed\","
     "\"event_id\":\"CB-1001-2\",\"dispute\":\"CB-1001\","
     "\"amount\":{\"amount\":900,\"currency\":@cur}}"},
};
static const struct demo_deed dispute_lost[] = {
    CHARGEBACK(100, "CB-1002", "not as described"),
    {300, "pay", "recordPayment", "{\"type\":\"dispute_lost\","
     "\"event_id\":\"CB-1002-2\",\"dispute\":\"CB-1002\"}"},
};

/* ---- goods that come back ---- */

#define BACK(hour, reason, more)                                              \
    {hour, "ord", "createReturn", "{\"items\":[{\"line\":1,\"quantity\":1,"   \
     "\"reason\":\"" reason "\"" more "}]}"}
#define BY_PARCEL                                                             \
    {64, "ret", "labelReturn", "{\"version\":@v,\"account\":\"own\"}"},       \
    {80, "pkg", "addTracking",                                                \
     "{\"items\":[{\"code\":\"in_transit\",\"text\":\"On its way back\"}]}"}
#define RECEIVED {110, "ret", "receiveReturn", "{\"version\":@v}"}
#define TAKEN(disposition)                                                    \
    {112, "ret", "inspectReturn", "{\"version\":@v,\"items\":[{\"unit\":1,"   \
     "\"acceptance\":\"accepted\",\"disposition\":\"" disposition "\"}]}"}
#define GIVEN_BACK                                                            \
    {113, "ord", "createRefund", "{\"version\":@v,\"reason\":\"returned\"}"}
#define WITH_NOTE ",\"note\":\"the handle is off\""
static const struct demo_deed too_small[] = {
    BACK(62, "too_small", ""), BY_PARCEL, RECEIVED, TAKEN("restock"), GIVEN_BACK,
};
static const struct demo_deed unwanted[] = {
    BACK(70, "unwanted", ""), RECEIVED, TAKEN("restock"), GIVEN_BACK,
};
static const struct demo_deed damaged[] = {
    BACK(60, "damaged", WITH_NOTE), RECEIVED, TAKEN("damaged"), GIVEN_BACK,
};
static const struct demo_deed return_open[] = {BACK(60, "unwanted", "")};
static const struct demo_deed return_moving[] = {
    BACK(60, "too_small", ""), BY_PARCEL,
};
static const struct demo_deed return_asked[] = {
    {158, "ord", "createReturn", "{\"items\":[{\"line\":1,\"quantity\":1,"
     "\"reason\":\"unwanted\"}],\"exception\":true,"
     "\"note\":\"was a gift, opened late\"}"},
};
static const struct demo_deed return_received[] = {
    BACK(60, "damaged", WITH_NOTE), BY_PARCEL, RECEIVED,
};
static const struct demo_deed return_declined[] = {
    {60, "ord", "createReturn", "{\"items\":[{\"line\":1,\"quantity\":1,"
     "\"reason\":\"unwanted\"}],\"exception\":true,"
     "\"note\":\"asks for all of it back, worn\"}"},
    {66, "ret", "declineReturn", "{\"version\":@v,\"reason\":\"worn\"}"},
};
static const struct demo_deed return_short[] = {
    BACK(60, "unwanted", ""), BY_PARCEL,
    {168, "ret", "receiveReturn", "{\"version\":@v,\"items\":[{\"n\":1,"
     "\"quantity\":1,\"as\":\"short\"}]}"},
};
static const struct demo_deed return_cancelled[] = {
    BACK(60, "unwanted", ""),
    {70, "ret", "cancelReturn", "{\"version\":@v,\"reason\":\"keeps it\"}"},
};
static const struct demo_deed return_half[] = {
    {60, "ord", "createReturn", "{\"items\":[{\"line\":1,\"quantity\":2,"
     "\"reason\":\"unwanted\"}]}"},
    {90, "ret", "receiveReturn", "{\"version\":@v,\"items\":[{\"n\":1,\"quantity\":1}]}"},
};

/* ---- other goods, or the same once more ---- */

#define FOR(sku, price, tax)                                                  \
    {61, "ord", "draftExchange", "{\"version\":@v,\"return\":@id:ret,"        \
     "\"reason\":\"another one\",\"lines\":[{\"sku\":\"" sku "\","            \
     "\"quantity\":1,\"unit_price\":{\"amount\":" price ",\"currency\":@cur},"\
     "\"tax_lines\":[{\"name\":\"VAT\",\"rate_ppm\":190000,"                  \
     "\"amount\":{\"amount\":" tax ",\"currency\":@cur}}]}]}"},               \
    {62, "exc", "confirmExchange", "{\"version\":@v}"}
static const struct demo_deed exchanged[] = {
    BACK(60, "too_small", ""), FOR("TEE-NAVY-L", "2490", "398"),
    RECEIVED, TAKEN("restock"), {114, NULL, NULL, NULL},
};
static const struct demo_deed exchange_waits[] = {
    BACK(60, "too_small", ""), FOR("TEE-NAVY-L", "2490", "398"),
};
static const struct demo_deed exchange_dearer[] = {
    BACK(60, "unwanted", ""), FOR("LAMP-HARBOR", "12900", "2060"),
};
static const struct demo_deed replaced[] = {
    {60, "ord", "replaceGoods", "{\"version\":@v,\"line\":1,\"quantity\":1,"
     "\"cause\":\"damaged\"}"},
    {62, NULL, NULL, NULL},
};

enum { DE = 0, US = 1, MARKET = 2, TOKYO = 3, ANY = -1 };
/* Others pack them. */
enum { NEVER = 2 * DEMO_HOURS };
enum { TEE = 0, MUG = 3, KNIFE = 5, LAMP = 6, CAP = 9 };
#define DOES(which) .deeds = (which), .deed_count = COUNT_OF(which)
static const struct demo_story stories[] = {
    /* Those of the last days, each once. */
    {399, 399, 1, DE, .later_h = 96},
    {398, 398, 1, DE, DOES(held)},
    {396, 396, 1, DE, DOES(edit_asked)},
    {395, 395, 1, US, .ware = LAMP, .qty = 6}, /* Held by the rules. */
    {394, 394, 1, DE, DOES(held_for_stock)},
    {393, 393, 1, US, .pay = DEMO_HALF},
    {392, 392, 1, US, .ware = CAP, .qty = 120}, /* More than there is. */
    {391, 391, 1, DE, .delay_h = 45, .is_pickup = true}, /* Waits for him. */
    {390, 390, 1, DE, DOES(edited_unpaid)},
    {380, 389, 3, MARKET, .pay = DEMO_UNPAID},
    {388, 388, 1, US, .ware = TEE, .qty = 1, .delay_h = NEVER, DOES(asked_outside)},
    {387, 387, 1, DE, DOES(overpaid)},
    {384, 384, 1, US, .ware = CAP, .qty = 1, .delay_h = NEVER, DOES(rejected_outside)},
    {378, 378, 1, US, .ware = TEE, .qty = 2, .delay_h = NEVER, DOES(accepted_outside)},
    {370, 370, 1, DE, .ware = TEE, .qty = 1, DOES(exchange_waits)},
    {367, 367, 1, DE, .ware = MUG, .qty = 2, DOES(exchange_dearer)},
    {366, 366, 1, DE, DOES(return_asked)},
    {365, 365, 1, DE, DOES(return_open)},
    {364, 364, 1, DE, DOES(return_declined)},
    {358, 358, 1, DE, .ware = TEE, .qty = 1, DOES(return_short)},
    {363, 363, 1, DE, .ware = TEE, .qty = 1, DOES(return_moving)},
    {362, 362, 1, MARKET, .ware = MUG, .qty = 2, DOES(return_half)},
    {360, 360, 1, DE, .ware = MUG, .qty = 1, DOES(return_received)},
    {359, 359, 1, DE, .ware = TEE, .qty = 1, DOES(return_moving)},
    {355, 355, 1, TOKYO, DOES(return_cancelled)},
    {350, 350, 1, US, DOES(disputed)},
    {200, 200, 1, US, DOES(dispute_won)},
    {180, 180, 1, US, DOES(dispute_lost)},
    /* Those of always. */
    {12, 340, 26, DE, .ware = TEE, .qty = 1, DOES(too_small)},
    {19, 340, 34, ANY, DOES(unwanted)},
    {23, 340, 52, MARKET, .ware = MUG, .qty = 1, DOES(damaged)},
    {61, 330, 80, DE, .ware = TEE, .qty = 1, DOES(exchanged)},
    {75, 330, 90, DE, .ware = MUG, .qty = 1, DOES(replaced)},
    {5, 386, 29, DE, DOES(cancelled)},
    {11, 386, 74, US, .pay = DEMO_PROMISED, DOES(voided)},
    {50, 340, 60, MARKET, .pay = DEMO_UNPAID, DOES(never_paid)},
    {17, 340, 41, DE, .delay_h = 22, DOES(let_go)},
    {30, 386, 24, DE, .pay = DEMO_BILLED, DOES(billed)},
    {25, 340, 37, ANY, DOES(goodwill)},
    {40, 386, 57, DE, DOES(edited)},
    {33, 386, 44, DE, .is_pickup = true},
    {15, 386, 21, ANY, DOES(gift)},
    {7, 386, 31, ANY, DOES(regular)},
};
static const struct demo_story plain[DEMO_CHANNELS] = {
    {.channel = DE},
    {.channel = US, .pay = DEMO_PROMISED, DOES(captured)},
    {.channel = MARKET},
    {.channel = TOKYO},
};
/* clang-format on */

const struct demo_story *demo_story_of(int n)
{
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        const struct demo_story *story = &stories[i];
        if (n >= story->from && n <= story->to &&
            (n - story->from) % story->step == 0)
            return story;
    }
    int of_hundred = demo_chance(n, 4, 100);
    return &plain[of_hundred < 42   ? DE
                  : of_hundred < 70 ? US
                  : of_hundred < 86 ? MARKET
                                    : TOKYO];
}
