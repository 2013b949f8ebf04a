/* router_test.c - paths to routes, and what targets carry beside them. */
#include "net/router.h"

#include "base/id.h"
#include "base/testing.h"
#include "net/query.h"

static const struct route routes[] = {
    {.operation = "root",   .method = HTTP_GET,  .path = "/"                },
    {.operation = "list",   .method = HTTP_GET,  .path = "/v1/orders"       },
    {.operation = "place",  .method = HTTP_POST, .path = "/v1/orders"       },
    {.operation = "get",    .method = HTTP_GET,  .path = "/v1/orders/{id}"  },
    {.operation = "find",   .method = HTTP_POST, .path = "/v1/orders/search"},
    {.operation = "cancel",
     .method = HTTP_POST,
     .path = "/v1/orders/{id}/cancel"                                       },
    {.operation = "line",
     .method = HTTP_DELETE,
     .path = "/v1/orders/{id}/lines/{n}"                                    },
};
static const struct route_list list = {routes, COUNT_OF(routes)};

static const struct router *open_router(struct ctx *ctx)
{
    const struct route_list *lists[] = {&list, NULL};
    struct router *router = NULL;
    assert_ok(ctx, router_open(ctx, ctx->arena, lists, &router));
    return router;
}

static void paths_find_their_route(void **state)
{
    static const struct {
        enum http_method method;
        const char *path, *operation, *first, *second;
    } cases[] = {
        {HTTP_GET,    "/",                        "root",   NULL,     NULL},
        {HTTP_GET,    "/v1/orders",               "list",   NULL,     NULL},
        {HTTP_POST,   "/v1/orders",               "place",  NULL,     NULL},
        {HTTP_GET,    "/v1/orders/ord_1",         "get",    "ord_1",  NULL},
        {HTTP_GET,    "/v1/orders/search",        "get",    "search", NULL},
        {HTTP_POST,   "/v1/orders/search",        "find",   NULL,     NULL},
        {HTTP_POST,   "/v1/orders/search/cancel", "cancel", "search", NULL},
        {HTTP_DELETE, "/v1/orders/a/lines/b",     "line",   "a",      "b" },
    };
    const struct router *router = open_router(*state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct router_match match;
        assert_true(router_find(router, cases[i].method,
                                str_from_cstr(cases[i].path), &match));
        assert_string_equal(match.route->operation, cases[i].operation);
        assert_ptr_equal(router_at(router, match.index), match.route);
        if (cases[i].first)
            assert_str(match.params[0], cases[i].first);
        if (cases[i].second)
            assert_str(match.params[1], cases[i].second);
    }
    assert_int_equal(router_count(router), COUNT_OF(routes));
}

static void what_is_not_there_is_not_found(void **state)
{
    static const char *const paths[] = {
        "/v1",         "/v1/",
        "/v1/orders/", "/v1/orders//cancel",
        "/v1/ordersx", "/v1/orders/a/b/c/d/e/f/g/h"};
    const struct router *router = open_router(*state);
    struct router_match match;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        assert_false(
            router_find(router, HTTP_GET, str_from_cstr(paths[i]), &match));
        assert_int_equal(match.allowed, 0);
    }
    assert_false(router_find(router, HTTP_PUT, STR("/v1/orders"), &match));
    assert_int_equal(match.allowed, 1u << HTTP_GET | 1u << HTTP_POST);
}

static void two_routes_for_one_path_are_a_mistake(void **state)
{
    struct ctx *ctx = *state;
    const struct route_list *lists[] = {&list, &list, NULL};
    struct router *router = NULL;
    assert_int_equal(router_open(ctx, ctx->arena, lists, &router),
                     ERR_INTERNAL);
}

static bool decodes_to(struct ctx *ctx, const char *text, const char *wanted)
{
    str got = STR("");
    return percent_decode(ctx->arena, str_from_cstr(text), true, &got) &&
           str_equal_cstr(got, wanted);
}

static void escapes_are_decoded_or_refused(void **state)
{
    struct ctx *ctx = *state;
    str got;
    assert_true(decodes_to(ctx, "", ""));
    assert_true(decodes_to(ctx, "plain", "plain"));
    assert_true(decodes_to(ctx, "a+b%20c%2B", "a b c+"));
    assert_true(decodes_to(ctx, "%e2%82%AC", "\xE2\x82\xAC"));
    static const char *const bad[] = {"%",   "%4",     "a%4",       "%zz",
                                      "%00", "%c3%28", "%ed%a0%80", "%ff"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(
            percent_decode(ctx->arena, str_from_cstr(bad[i]), true, &got));
    assert_true(percent_decode(ctx->arena, STR("a+b"), false, &got));
    assert_str(got, "a+b");
}

static void readers_name_what_is_wrong(void **state)
{
    struct ctx *ctx = *state;
    static const char *const names[] = {NULL, "one", "two"};
    struct request req = {.ctx = ctx, .route = &routes[6]};
    char id[ID_TEXT_BYTES];
    size_t len = id_to_text("ord", 12345, id);
    int64_t value = 0;
    int kind = 0;
    req.path_params[0] = (str){id, len};
    req.path_params[1] = STR("nonsense");
    assert_ok(ctx, request_path_id(&req, 0, "ord", &value));
    assert_int_equal(value, 12345);
    assert_int_equal(request_path_id(&req, 1, "lin", &value), ERR_NOT_FOUND);
    assert_string_equal(ctx->err.field, "n");
    err_clear(ctx);

    assert_ok(ctx, query_parse(&req, STR("kind=two&&at=2026-01-02T03:04:05Z"
                                         "&bad=three&empty=&flag")));
    assert_int_equal(req.query_count, 5);
    assert_ok(ctx, request_query_enum(&req, "kind", names, 3, &kind));
    assert_int_equal(kind, 2);
    assert_ok(ctx, request_query_time(&req, "at", &value));
    assert_ok(ctx, request_query_id(&req, "none", "ord", &value));
    assert_int_equal(request_query_enum(&req, "bad", names, 3, &kind),
                     ERR_INVALID);
    assert_slug(ctx, "unknown_value");
    assert_string_equal(ctx->err.text, "must be one of: one, two");
    err_clear(ctx);
    assert_int_equal(request_query_id(&req, "empty", "ord", &value),
                     ERR_INVALID);
    err_clear(ctx);
    assert_int_equal(request_query_time(&req, "kind", &value), ERR_INVALID);
    err_clear(ctx);
    assert_int_equal(request_query_end(&req), ERR_INVALID);
    assert_slug(ctx, "unknown_parameter");
    assert_string_equal(ctx->err.field, "flag");
}

static void too_many_parameters_are_refused(void **state)
{
    struct ctx *ctx = *state;
    struct request req = {.ctx = ctx};
    for (int i = 0; i < REQUEST_QUERY_PARAMS; i++) {
        str one = str_printf(ctx->arena, "p%d=%d", i, i);
        assert_ok(ctx, query_parse(&req, one));
    }
    assert_int_equal(query_parse(&req, STR("more=1")), ERR_INVALID);
    assert_slug(ctx, "too_many_parameters");
}

static void scopes_have_names(void **state)
{
    enum perm perm = PERM_NONE;
    (void)state;
    for (unsigned bit = 1; bit < PERM_ALL; bit <<= 1) {
        const char *name = perm_name((enum perm)bit);
        assert_true(perm_from_str(str_from_cstr(name), &perm));
        assert_int_equal(perm, bit);
    }
    assert_true(perm_from_str(STR("all"), &perm));
    assert_int_equal(perm, PERM_ALL);
    assert_false(perm_from_str(STR("none"), &perm));
    assert_false(perm_from_str(STR("orders"), &perm));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(paths_find_their_route),
        TEST(what_is_not_there_is_not_found),
        TEST(two_routes_for_one_path_are_a_mistake),
        TEST(escapes_are_decoded_or_refused),
        TEST(readers_name_what_is_wrong),
        TEST(too_many_parameters_are_refused),
        TEST(scopes_have_names),
    };
    return RUN_TESTS(tests, argc, argv);
}
