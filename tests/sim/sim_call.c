/* sim_call.c - chance, expectations, and calls with their bodies. */
#define WHARF_UNBANNED
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "sim.h"

uint64_t sim_random(struct sim *sim)
{
    uint64_t z = (sim->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t sim_between(struct sim *sim, int64_t least, int64_t most)
{
    ASSERT(least <= most);
    return least + (int64_t)(sim_random(sim) % (uint64_t)(most - least + 1));
}

bool sim_chance(struct sim *sim, int percent)
{
    return sim_between(sim, 0, 99) < percent;
}

bool sim_expect(struct sim *sim, bool cond, const char *fmt, ...)
{
    if (cond || sim->is_wrong)
        return cond;
    sim->is_wrong = true;
    va_list args;
    va_start(args, fmt);
    vsnprintf(sim->why, sizeof(sim->why), fmt, args);
    va_end(args);
    return false;
}

struct call *sim_begin(struct sim *sim, const char *operation,
                       struct json_out *out)
{
    struct call *call = call_open(operation);
    struct arena *arena = call->ctx.arena;
    struct buf *buf = arena_new(arena, struct buf);
    buf_init(buf, arena, LIMIT_BODY_BYTES);
    json_out_init(out, buf);
    json_begin(out, NULL);
    call->key =
        str_printf(arena, "key-%lld", (long long)++sim->model.key_count);
    call->now = sim->now;
    return call;
}

void sim_body(struct call *call, struct json_out *out)
{
    json_end_object(out);
    call->body = buf_str(out->buf);
}

void sim_path(struct call *call, size_t i, const char *prefix, int64_t id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    call->path[i] = str_copy(call->ctx.arena, (str){text, len});
}

/* The same request again must get the same answer, bit by bit. */
static void call_again(struct sim *sim, const struct call *first)
{
    struct call *again = call_open(first->operation);
    bool is_other = sim_chance(sim, 25);
    again->now = sim->now;
    again->key = first->key;
    again->path[0] = first->path[0];
    again->body = first->body;
    if (is_other) /* The same meaning, but not the same request. */
        again->body =
            str_printf(again->ctx.arena, "%.*s ", STR_ARG(first->body));
    place_calls(sim->place, &again, 1);
    sim->calls++;
    sim->replays++;
    if (is_other)
        sim_ended(sim, again, "idempotency_key_reused");
    else if (sim_ended(sim, again, ""))
        sim_expect(sim,
                   again->is_replay && again->status == first->status &&
                       str_equal(again->reply, first->reply),
                   "%s: the key %.*s did not replay its answer",
                   first->operation, STR_ARG(first->key));
    call_close(again);
}

void sim_call(struct sim *sim, struct call *call)
{
    place_calls(sim->place, &call, 1);
    sim->calls++;
    if (call->err != OK)
        sim->refusals++;
    else if (call->key.len && sim_chance(sim, 10))
        call_again(sim, call);
}

bool sim_ended(struct sim *sim, const struct call *call, const char *code)
{
    return sim_expect(sim, strcmp(call->code, code) == 0,
                      "%s must end with \"%s\" and ended with \"%s\" (%s: %s); "
                      "body %.*s",
                      call->operation, code, call->code, call->field,
                      call->work.ctx.err.text,
                      (int)(call->body.len < 200 ? call->body.len : 200),
                      call->body.len ? call->body.ptr : "");
}

int64_t sim_i64(struct json_in *in, const char *key)
{
    int64_t value = INT64_MIN;
    if (json_opt_i64(in, key, INT64_MIN, INT64_MAX, &value) != OK)
        return INT64_MIN;
    return value;
}

int64_t sim_id(struct json_in *in, const char *key, const char *prefix)
{
    int64_t value = 0;
    if (json_opt_id(in, key, prefix, &value) != OK)
        return 0;
    return value;
}

bool sim_has_text(struct json_in *in, const char *key, const char *want)
{
    str value = STR_NONE;
    return json_opt_str(in, key, 0, 1000, &value) == OK &&
           str_equal_cstr(value, want);
}
