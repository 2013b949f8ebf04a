/* shipping_service.c - services of an account, from their document. */
#include "oms/shipping/shipping_service.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/json.h"
#include "base/str.h"
#include "oms/shipping/shipping_setup.h"

static err_t read_service(struct json_in *in, struct service *ret)
{
    struct service s = {.title = STR(""), .routing_service = STR_NONE};
    struct rate_card *c = &s.card;
    TRY(json_get_str(in, "code", 1, LIMIT_CODE_BYTES, &s.code));
    TRY(json_opt_str(in, "title", 0, LIMIT_NAME_BYTES, &s.title));
    TRY(json_opt_str(in, "routing_service", 1, LIMIT_CODE_BYTES,
                     &s.routing_service));
    TRY(json_opt_i64(in, "discount_ppm", 0, 1000000, &c->discount_ppm));
    TRY(json_opt_i64(in, "surcharge_ppm", 0, 10000000, &c->surcharge_ppm));
    TRY(json_opt_i64(in, "volume_divisor", 0, 1000000, &c->volume_divisor));
    TRY(json_opt_i64(in, "max_weight_g", 0, LIMIT_BOX_G, &c->max_weight_g));
    TRY(json_opt_i64(in, "max_side_mm", 0, 100000, &c->max_side_mm));
    TRY(json_opt_i64(in, "max_girth_mm", 0, 1000000, &c->max_girth_mm));
    TRY(json_end(in));
    if (!code_is_clean(s.code))
        return json_fail(in, "code", ERR_INVALID, "code_invalid",
                         "is not a code");
    if (s.routing_service.len == 0)
        s.routing_service = s.code;
    c->service = s.code;
    c->title = s.title;
    *ret = s;
    return OK;
}

const struct service *service_find(const struct service *services, size_t count,
                                   str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(services[i].code, code))
            return &services[i];
    return NULL;
}

err_t service_list(struct ctx *ctx, str doc, struct service **ret,
                   size_t *ret_count)
{
    struct json_in *in, *one;
    struct json_list list;
    TRY(json_parse(ctx, doc, &in));
    TRY(json_get_list(in, "services", 0, LIMIT_SERVICES, &list));
    *ret = arena_array(ctx->arena, struct service, list.count + 1);
    *ret_count = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct service service;
        TRY(json_list_object(&list, i, &one));
        TRY(read_service(one, &service));
        if (service_find(*ret, *ret_count, service.code))
            return json_fail(one, "code", ERR_INVALID, "code_twice",
                             "stands twice");
        (*ret)[(*ret_count)++] = service;
    }
    return OK;
}
