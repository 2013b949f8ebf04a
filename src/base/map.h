/* map.h - a small hash map in an arena, for the work of one batch. */
#ifndef WHARF_BASE_MAP_H
#define WHARF_BASE_MAP_H

#include "base/base.h"

/* Keys are two numbers and a string; use what you need, zero the rest. The
 * string is not copied. */
struct map_key {
    int64_t a, b;
    str s;
};

struct map;
struct map *map_open(struct arena *arena, size_t expected);
/* The value of that key, or NULL. */
void *map_find(const struct map *map, struct map_key key);
/* Sets or replaces. value is not NULL. */
void map_set(struct map *map, struct map_key key, void *value);
size_t map_count(const struct map *map);

#endif
