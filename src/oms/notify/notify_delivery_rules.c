/* notify_delivery_rules.c - the moves of a delivery, its tries, its signature.
 * Pure.
 */
#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/machine.h"
#include "base/str.h"
#include "oms/notify/notify_webhook.h"

static const char *const states[DELIVERY_DEAD] = {"pending", "delivered",
                                                  "retrying", "dead"};
static const char *const events[DELIVERY_EVENT_REPLAY] = {
    "take", "answer", "fail", "give_up", "replay"};

/* Read as: a delivery that is <from> and sees <event> becomes <to>. A pair
 * that is not listed is forbidden. */
static const struct machine_move moves[] = {
    {DELIVERY_NONE,      DELIVERY_EVENT_TAKE,    DELIVERY_PENDING  },
    {DELIVERY_PENDING,   DELIVERY_EVENT_ANSWER,  DELIVERY_DELIVERED},
    {DELIVERY_PENDING,   DELIVERY_EVENT_FAIL,    DELIVERY_RETRYING },
    {DELIVERY_PENDING,   DELIVERY_EVENT_REPLAY,  DELIVERY_PENDING  },
    {DELIVERY_DELIVERED, DELIVERY_EVENT_REPLAY,  DELIVERY_PENDING  },
    {DELIVERY_RETRYING,  DELIVERY_EVENT_ANSWER,  DELIVERY_DELIVERED},
    {DELIVERY_RETRYING,  DELIVERY_EVENT_FAIL,    DELIVERY_RETRYING },
    {DELIVERY_RETRYING,  DELIVERY_EVENT_GIVE_UP, DELIVERY_DEAD     },
    {DELIVERY_RETRYING,  DELIVERY_EVENT_REPLAY,  DELIVERY_PENDING  },
    {DELIVERY_DEAD,      DELIVERY_EVENT_REPLAY,  DELIVERY_PENDING  },
};

const struct machine delivery_machine = {
    .states = states,
    .events = events,
    .state_count = COUNT_OF(states),
    .event_count = COUNT_OF(events),
    .moves = moves,
    .move_count = COUNT_OF(moves),
};

enum delivery_state delivery_next(enum delivery_state from,
                                  enum delivery_event event)
{
    return (enum delivery_state)machine_next(&delivery_machine, from, event);
}

const char *delivery_state_name(enum delivery_state state)
{
    return machine_state_name(&delivery_machine, state);
}

/* After the first try, the second … */
static const int delays_s[WEBHOOK_TRIES - 1] = {5,    30,    120,   600,  1800,
                                                7200, 18000, 36000, 50400};

int64_t webhook_backoff_ms(int64_t attempts, int64_t first_ms, uint64_t seed)
{
    ASSERT(attempts >= 1 && first_ms > 0);
    size_t i = (size_t)attempts - 1;
    if (i >= COUNT_OF(delays_s))
        i = COUNT_OF(delays_s) - 1;
    int64_t ms = delays_s[i] * first_ms / delays_s[0];
    uint64_t mixed = (seed + (uint64_t)attempts) * UINT64_C(0x9e3779b97f4a7c15);
    int64_t percent = 80 + (int64_t)((mixed >> 32) % 41);
    ms = ms * percent / 100;
    return ms > 0 ? ms : 1;
}

static size_t secret_bytes(str secret, unsigned char *to, size_t room)
{
    str head = STR("whsec_");
    size_t len = 0;
    ASSERT(str_starts(secret, head));
    int bad = sodium_base642bin(to, room, secret.ptr + head.len,
                                secret.len - head.len, NULL, &len, NULL,
                                sodium_base64_VARIANT_ORIGINAL);
    ASSERT(bad == 0);
    return len;
}

str webhook_sign(struct arena *arena, str secret, str id, int64_t timestamp_s,
                 str body)
{
    unsigned char key[64], hash[crypto_auth_hmacsha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash,
                                        sodium_base64_VARIANT_ORIGINAL)];
    crypto_auth_hmacsha256_state state;
    str head =
        str_printf(arena, "%.*s.%lld.", STR_ARG(id), (long long)timestamp_s);
    crypto_auth_hmacsha256_init(&state, key,
                                secret_bytes(secret, key, sizeof key));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.ptr,
                                  head.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.ptr,
                                  body.len);
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL);
    return str_printf(arena, "v1,%s", text);
}
