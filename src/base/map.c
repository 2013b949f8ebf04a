/* map.c - open addressing with linear probing; nothing is ever removed. */
#include "base/map.h"

#include "base/arena.h"
#include "base/str.h"

struct slot {
    struct map_key key;
    uint64_t hash;
    void *value; /* NULL: free. */
};

struct map {
    struct arena *arena;
    struct slot *slots;
    size_t mask; /* Slots less one; slots are a power of two. */
    size_t count;
};

static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

static uint64_t key_hash(struct map_key key)
{
    uint64_t hash = key.s.len ? str_hash(key.s) : 0;
    return mix(mix((uint64_t)key.a + hash) ^ (uint64_t)key.b);
}

struct map *map_open(struct arena *arena, size_t expected)
{
    size_t slots = 16;
    while (slots < expected * 2)
        slots *= 2;
    struct map *map = arena_new(arena, struct map);
    map->arena = arena;
    map->slots = arena_array(arena, struct slot, slots);
    map->mask = slots - 1;
    return map;
}

/* The slot of that key, or the free one where it belongs. */
static struct slot *slot_of(const struct map *map, struct map_key key,
                            uint64_t hash)
{
    for (size_t i = hash & map->mask;; i = (i + 1) & map->mask) {
        struct slot *slot = &map->slots[i];
        if (!slot->value)
            return slot;
        if (slot->hash == hash && slot->key.a == key.a &&
            slot->key.b == key.b && str_equal(slot->key.s, key.s))
            return slot;
    }
}

void *map_find(const struct map *map, struct map_key key)
{
    return slot_of(map, key, key_hash(key))->value;
}

static void map_grow(struct map *map)
{
    struct slot *old = map->slots;
    size_t slots = map->mask + 1;
    map->slots = arena_array(map->arena, struct slot, slots * 2);
    map->mask = slots * 2 - 1;
    for (size_t i = 0; i < slots; i++) {
        if (old[i].value)
            *slot_of(map, old[i].key, old[i].hash) = old[i];
    }
}

void map_set(struct map *map, struct map_key key, void *value)
{
    ASSERT(value != NULL);
    uint64_t hash = key_hash(key);
    struct slot *slot = slot_of(map, key, hash);
    if (slot->value) {
        slot->value = value;
        return;
    }
    if ((map->count + 1) * 4 > (map->mask + 1) * 3) {
        map_grow(map);
        slot = slot_of(map, key, hash);
    }
    *slot = (struct slot){.key = key, .hash = hash, .value = value};
    map->count++;
}

size_t map_count(const struct map *map)
{
    return map->count;
}
