/* arena.h - memory with one lifetime: a request, a job, a test.
 *
 * Allocation never fails (out of memory aborts with a message) and nothing is
 * freed singly; the whole arena is reset or freed. Unused bytes are poisoned
 * under ASan so that an overrun inside an arena is seen.
 */
#ifndef WHARF_BASE_ARENA_H
#define WHARF_BASE_ARENA_H

#include "base/base.h"

struct arena;
struct arena_mark {
    void *block;
    size_t used;
};

struct arena *arena_open(void);
/* Takes NULL. */
void arena_close(struct arena *arena);
/* Forgets everything, keeps the first blocks (256 KiB) for reuse. */
void arena_reset(struct arena *arena);
/* Scratch work: forget what was allocated since the mark. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_reset_to(struct arena *arena, struct arena_mark mark);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
/* Not zeroed: for bytes that are written at once. */
void *arena_alloc_raw(struct arena *arena, size_t size);
/* Grows the newest allocation in place, if it is that and there is room. */
bool arena_extend(struct arena *arena, const void *ptr, size_t old_size,
                  size_t size);
/* Zeroed; an overflowing product aborts. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count)                                        \
    ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Longer lives (servers, caches): zeroed heap memory that never is NULL. */
void *mem_new(size_t size);
void *mem_resize(void *ptr, size_t size);
void mem_free(void *ptr);

#endif
