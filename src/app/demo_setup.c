/* demo_setup.c - how the demo merchant works: bodies of the API, in order. */
#include "app/demo.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"

/* clang-format off */
static const struct {
    const char *operation, *body;
} setup[] = {
    /* A tee of any size fits the middle one, a blanket only the large one. */
    {"createBox", "{\"code\":\"small\",\"name\":\"Small box\",\"length_mm\":220,"
     "\"width_mm\":160,\"height_mm\":100,\"weight_g\":80,\"max_weight_g\":5000}"},
    {"createBox", "{\"code\":\"middle\",\"name\":\"Middle box\",\"length_mm\":350,"
     "\"width_mm\":250,\"height_mm\":150,\"weight_g\":180,\"max_weight_g\":10000}"},
    {"createBox", "{\"code\":\"large\",\"name\":\"Large box\",\"length_mm\":500,"
     "\"width_mm\":400,\"height_mm\":300,\"weight_g\":420,\"max_weight_g\":25000}"},
    {"createCarrierAccount", "{\"code\":\"own\",\"carrier\":\"own\","
     "\"name\":\"Own delivery\",\"gs1_prefix\":\"4012345\",\"services\":["
     "{\"code\":\"standard\",\"title\":\"Standard\",\"discount_ppm\":100000,"
     "\"max_weight_g\":31500},"
     "{\"code\":\"express\",\"title\":\"Express\",\"surcharge_ppm\":50000,"
     "\"volume_divisor\":5000,\"max_weight_g\":31500}]}"},
    {"setRoutingZones", "{\"version\":0,\"items\":["
     "{\"code\":\"de\",\"tz\":\"Europe/Berlin\",\"places\":[{\"country\":\"DE\"}]},"
     "{\"code\":\"eu\",\"tz\":\"Europe/Paris\",\"places\":["
     "{\"country\":\"AT\"},{\"country\":\"BE\"},{\"country\":\"DK\"},"
     "{\"country\":\"ES\"},{\"country\":\"FR\"},{\"country\":\"IT\"},"
     "{\"country\":\"NL\"},{\"country\":\"PL\"},{\"country\":\"SE\"}]},"
     "{\"code\":\"us\",\"tz\":\"America/New_York\",\"places\":[{\"country\":\"US\"}]},"
     "{\"code\":\"jp\",\"tz\":\"Asia/Tokyo\",\"places\":[{\"country\":\"JP\"}]}]}"},
    {"setRoutingServices", "{\"version\":0,\"items\":["
     "{\"code\":\"standard\",\"name\":\"Standard\","
     "\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\"]},"
     "{\"code\":\"express\",\"name\":\"Express\",\"deliver_by\":\"12:00\"}]}"},
    {"setRoutingTransit", "{\"version\":0,\"items\":["
     "{\"from_zone\":\"de\",\"to\":\"de\",\"service\":\"standard\",\"days\":2},"
     "{\"from_zone\":\"de\",\"to\":\"de\",\"service\":\"express\",\"days\":1},"
     "{\"from_zone\":\"de\",\"to\":\"eu\",\"service\":\"standard\",\"days\":4},"
     "{\"from_zone\":\"de\",\"to\":\"eu\",\"service\":\"express\",\"days\":2},"
     "{\"from_zone\":\"us\",\"to\":\"us\",\"service\":\"standard\",\"days\":4},"
     "{\"from_zone\":\"us\",\"to\":\"us\",\"service\":\"express\",\"days\":2},"
     "{\"from_zone\":\"jp\",\"to\":\"jp\",\"service\":\"standard\",\"days\":2},"
     "{\"from_zone\":\"jp\",\"to\":\"jp\",\"service\":\"express\",\"days\":1},"
     "{\"to\":\"de\",\"service\":\"standard\",\"days\":8},"
     "{\"to\":\"eu\",\"service\":\"standard\",\"days\":8},"
     "{\"to\":\"us\",\"service\":\"standard\",\"days\":8},"
     "{\"to\":\"jp\",\"service\":\"standard\",\"days\":8}]}"},
    /* The rate card: rows of from, to, service, weight and price. */
    {"setRoutingRates", "{\"version\":0,\"csv\":\""
     "from_zone,to,service,up_to_g,amount,currency\\n"
     "de,de,standard,2000,449,EUR\\nde,de,standard,10000,749,EUR\\n"
     "de,de,standard,31500,1649,EUR\\n"
     "de,de,express,2000,990,EUR\\nde,de,express,31500,2490,EUR\\n"
     "de,eu,standard,2000,1290,EUR\\nde,eu,standard,31500,3290,EUR\\n"
     "de,eu,express,2000,2490,EUR\\nde,eu,express,31500,5990,EUR\\n"
     "us,us,standard,2000,695,USD\\nus,us,standard,31500,1895,USD\\n"
     "us,us,express,2000,1995,USD\\nus,us,express,31500,4995,USD\\n"
     "jp,jp,standard,2000,690,JPY\\njp,jp,standard,31500,1490,JPY\\n"
     "jp,jp,express,31500,2490,JPY\"}"},
};

/* Of warehouses and suppliers, then of stores. */
static const char *const sites[] = {
    "{\"version\":0,\"settings\":{\"groups\":[\"warehouses\"],"
    "\"hours\":[{\"day\":\"mon\",\"open\":\"07:00\",\"close\":\"19:00\"},"
    "{\"day\":\"tue\",\"open\":\"07:00\",\"close\":\"19:00\"},"
    "{\"day\":\"wed\",\"open\":\"07:00\",\"close\":\"19:00\"},"
    "{\"day\":\"thu\",\"open\":\"07:00\",\"close\":\"19:00\"},"
    "{\"day\":\"fri\",\"open\":\"07:00\",\"close\":\"17:00\"}],"
    "\"holidays\":[\"2026-12-25\",\"2027-01-01\",\"2027-12-25\",\"2028-01-01\"],"
    "\"cutoffs\":[{\"service\":\"express\",\"at\":\"16:00\"},{\"at\":\"14:00\"}],"
    "\"handling_days\":1,"
    "\"capacity\":{\"orders_per_day\":2000,\"units_per_day\":6000}}}",
    "{\"version\":0,\"settings\":{\"groups\":[\"stores\"],"
    "\"hours\":[{\"day\":\"mon\",\"open\":\"10:00\",\"close\":\"20:00\"},"
    "{\"day\":\"tue\",\"open\":\"10:00\",\"close\":\"20:00\"},"
    "{\"day\":\"wed\",\"open\":\"10:00\",\"close\":\"20:00\"},"
    "{\"day\":\"thu\",\"open\":\"10:00\",\"close\":\"20:00\"},"
    "{\"day\":\"fri\",\"open\":\"10:00\",\"close\":\"20:00\"},"
    "{\"day\":\"sat\",\"open\":\"10:00\",\"close\":\"20:00\"}],"
    "\"cutoffs\":[{\"at\":\"12:00\"}],\"handling_days\":1,"
    "\"capacity\":{\"orders_per_day\":60}}}",
};

/* Where SKUs lie in a place that has bins. */
static const struct {
    const char *sku, *zone, *bin;
} bins[] = {
    {"TEE-NAVY-M", "textiles", "A-1"}, {"TEE-NAVY-L", "textiles", "A-2"},
    {"TEE-SAND-M", "textiles", "A-10"}, {"CAP-KNIT", "textiles", "A-11"},
    {"BAG-CANVAS", "textiles", "B-1"}, {"BLANKET-WOOL", "bulk", "C-1"},
    {"LAMP-HARBOR", "bulk", "C-2"}, {"ROPE-10M", "bulk", "C-4"},
    {"MUG-ENAMEL", "goods", "D-1"}, {"KNIFE-DECK", "goods", "D-2"},
    {"NOTEBOOK-A5", "goods", "D-3"}, {"SOAP-SALT", "goods", "D-12"},
};
/* clang-format on */

static bool is_store(int place)
{
    return strncmp(demo_place_code(place), "store-", 6) == 0;
}

static err_t set_sites(struct ctx *ctx, const struct demo *demo)
{
    struct json_in *reply;
    for (int i = 0; i < DEMO_PLACES; i++) {
        char id[ID_TEXT_BYTES + 1] = {0};
        id_to_text("loc", demo->places[i].v, id);
        TRY(demo_call(ctx, "setSite", id, str_from_cstr(sites[is_store(i)]),
                      &reply));
    }
    return OK;
}

static err_t set_bins(struct ctx *ctx)
{
    struct json_in *reply;
    struct buf body;
    struct json_out out;
    buf_init(&body, ctx->arena, LIMIT_REPLY_BYTES);
    json_out_init(&out, &body);
    json_begin(&out, NULL);
    json_begin_list(&out, "items");
    for (int place = 0; place < 2; place++) /* Berlin and Newark. */
        for (size_t i = 0; i < COUNT_OF(bins); i++) {
            json_begin(&out, NULL);
            json_put_cstr(&out, "location", demo_place_code(place));
            json_put_cstr(&out, "sku", bins[i].sku);
            json_put_cstr(&out, "zone", bins[i].zone);
            json_put_cstr(&out, "bin", bins[i].bin);
            json_end_object(&out);
        }
    json_end_list(&out);
    json_end_object(&out);
    return demo_call(ctx, "setBins", NULL, buf_str(&body), &reply);
}

err_t demo_make_setup(struct ctx *ctx, void *arg)
{
    struct json_in *reply;
    for (size_t i = 0; i < COUNT_OF(setup); i++)
        TRY(demo_call(ctx, setup[i].operation, NULL,
                      str_from_cstr(setup[i].body), &reply));
    TRY(set_sites(ctx, arg));
    return set_bins(ctx);
}
