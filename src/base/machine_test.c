/* machine_test.c - what follows, what is refused, and in which words. */
#include "base/machine.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/testing.h"

/* A kettle. */
enum { COLD = 1, HOT, BROKEN };
enum { BUY = 1, HEAT, POUR, DROP, WEAR };
static const char *const states[] = {"cold", "hot", "broken"};
static const char *const events[] = {"buy", "heat", "pour", "drop", "wear"};
static const struct machine_move moves[] = {
    {0,    BUY,  COLD  },
    {COLD, HEAT, HOT   },
    {COLD, WEAR, BROKEN},
    {HOT,  POUR, COLD  },
    {HOT,  DROP, BROKEN},
    {HOT,  WEAR, BROKEN},
};
static const struct machine kettle = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .field = "water",
    .noun = "water that is",
    .unasked = 1u << WEAR,
};

static void only_what_is_listed_follows(void **state)
{
    (void)state;
    int listed = 0;
    for (int s = 0; s <= BROKEN; s++)
        for (int e = 1; e <= WEAR; e++)
            listed += machine_next(&kettle, s, e) != 0;
    assert_int_equal(listed, COUNT_OF(moves));
    assert_int_equal(machine_next(&kettle, 0, BUY), COLD);
    assert_int_equal(machine_next(&kettle, HOT, WEAR), BROKEN);
    assert_int_equal(machine_next(&kettle, BROKEN, HEAT), 0);
    assert_int_equal(machine_next(&kettle, HOT, 0), 0);
}

static void names_of_states_are_read_back(void **state)
{
    (void)state;
    int read = 0;
    for (int s = COLD; s <= BROKEN; s++) {
        str name = str_from_cstr(machine_state_name(&kettle, s));
        assert_true(machine_state_from_name(&kettle, name, &read));
        assert_int_equal(read, s);
    }
    assert_string_equal(machine_state_name(&kettle, 0), "none");
    assert_false(machine_state_from_name(&kettle, STR("none"), &read));
    assert_false(machine_state_from_name(&kettle, STR("Hot"), &read));
    assert_false(machine_state_from_name(&kettle, STR_NONE, &read));
    assert_string_equal(machine_event_name(&kettle, WEAR), "wear");
}

static void a_refusal_names_what_may_be_asked_for(void **state)
{
    struct ctx *ctx = *state;
    assert_ok(ctx, machine_allow(ctx, &kettle, HOT, WEAR));
    assert_int_equal(machine_allow(ctx, &kettle, HOT, HEAT), ERR_STATE);
    assert_slug(ctx, "state");
    assert_string_equal(ctx->err.field, "water");
    assert_string_equal(ctx->err.text,
                        "event heat is refused in water that is hot; allowed: "
                        "pour, drop");
    assert_str(machine_allowed(ctx->arena, &kettle, COLD), "heat");
    assert_str(machine_allowed(ctx->arena, &kettle, BROKEN), "nothing");
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ctx->arena, 64);
    json_out_init(&out, &buf);
    machine_put_allowed(&out, &kettle, HOT);
    assert_str(buf_str(&buf), "\"allowed\":[\"pour\",\"drop\"]");
    struct machine named = kettle;
    named.slug = "kettle";
    err_clear(ctx);
    assert_int_equal(machine_allow(ctx, &named, 0, POUR), ERR_STATE);
    assert_slug(ctx, "kettle");
    assert_string_equal(ctx->err.text,
                        "event pour is refused in water that is none; allowed: "
                        "buy");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_is_listed_follows),
        TEST(names_of_states_are_read_back),
        TEST(a_refusal_names_what_may_be_asked_for),
    };
    return RUN_TESTS(tests, argc, argv);
}
