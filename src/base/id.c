/* id.c - ids that rise with time and carry their bucket. */
#include "base/id.h"

#include "base/str.h"

#define EPOCH_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */

enum {
    TIME_SHIFT = 22,
    NODE_SHIFT = 17,
    SEQ_SHIFT = 8,
    SEQ_BITS = 9,
    SEQ_MASK = (1 << SEQ_BITS) - 1,
    DIGITS = 13
};
#define TIME_MAX ((INT64_C(1) << 41) - 1)

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

static int64_t id_ms(utc_ms at)
{
    if (at < EPOCH_MS)
        return 0;
    return at - EPOCH_MS > TIME_MAX ? TIME_MAX : at - EPOCH_MS;
}

void id_source_init(struct id_source *ids, int node, int64_t high_water)
{
    ASSERT(node >= 0 && node < ID_NODES);
    ASSERT(high_water >= 0);
    /* The whole millisecond of the high water counts as used, whichever node
     * made that id. */
    *ids = (struct id_source){.node = node};
    if (high_water > 0)
        ids->last = (high_water >> TIME_SHIFT) << SEQ_BITS | SEQ_MASK;
}

utc_ms id_source_time(const struct id_source *ids)
{
    return (ids->last >> SEQ_BITS) + EPOCH_MS;
}

int64_t id_next(struct id_source *ids, utc_ms now, int bucket)
{
    ASSERT(bucket >= 0 && bucket < ID_BUCKETS);
    int64_t slot = id_ms(now) << SEQ_BITS;
    if (slot <= ids->last)
        slot = ids->last + 1;
    ASSERT(slot >> SEQ_BITS <= TIME_MAX);
    ids->last = slot;
    return (slot >> SEQ_BITS) << TIME_SHIFT | (int64_t)ids->node << NODE_SHIFT |
           (slot & SEQ_MASK) << SEQ_SHIFT | bucket;
}

int id_bucket(int64_t id)
{
    return (int)(id & (ID_BUCKETS - 1));
}

utc_ms id_time(int64_t id)
{
    return (id >> TIME_SHIFT) + EPOCH_MS;
}

int64_t id_floor(utc_ms at)
{
    return id_ms(at) << TIME_SHIFT;
}

size_t id_to_text(const char *prefix, int64_t id, char ret[ID_TEXT_BYTES])
{
    size_t len = 0;
    ASSERT(strlen(prefix) + 1 + DIGITS < ID_TEXT_BYTES);
    ASSERT(id >= 0);
    for (; prefix[len]; len++)
        ret[len] = prefix[len];
    ret[len] = '_';
    char *at = ret + len + 1;
    for (int i = DIGITS - 1; i >= 0; i--) {
        at[i] = digits[id & 31];
        id >>= 5;
    }
    at[DIGITS] = '\0';
    return len + 1 + DIGITS;
}

static int digit_value(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

str id_str(struct arena *arena, const char *prefix, int64_t id)
{
    char text[ID_TEXT_BYTES];
    size_t len = id_to_text(prefix, id, text);
    return str_copy(arena, (str){text, len});
}

bool id_from_text(const char *prefix, str text, int64_t *ret)
{
    size_t len = strlen(prefix);
    if (text.len != len + 1 + DIGITS || memcmp(text.ptr, prefix, len) != 0 ||
        text.ptr[len] != '_')
        return false;
    uint64_t value = 0;
    for (size_t i = len + 1; i < text.len; i++) {
        int digit = digit_value(text.ptr[i]);
        /* 13 digits are 65 bits: the first may hold three. */
        if (digit < 0 || value >> 58 != 0)
            return false;
        value = value << 5 | (uint64_t)digit;
    }
    if (value == 0 || value > INT64_MAX)
        return false;
    *ret = (int64_t)value;
    return true;
}
