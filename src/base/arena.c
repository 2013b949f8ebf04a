/* arena.c - blocks in a chain; the current one is filled, later ones are spare.
 *
 * Blocks grow from 8 KiB to 1 MiB. A reset keeps the chain's head up to
 * KEEP_BYTES, so that a worker that reuses its arena does not allocate. Under
 * ASan everything not handed out is poisoned and allocations are set apart.
 */
#define WHARF_UNBANNED
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP_BYTES = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(ptr, size)   ((void)(ptr), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(ptr, size) ((void)(ptr), (void)(size))
enum { GAP_BYTES = 0 };
#endif

enum {
    ALIGN_BYTES = 16,
    FIRST_BYTES = 8 * 1024,
    GROW_BYTES = 1024 * 1024,
    KEEP_BYTES = 256 * 1024
};

struct block {
    struct block *next;
    size_t size;
    size_t used;
    size_t pad; /* The bytes begin aligned. */
};
static_assert(sizeof(struct block) % ALIGN_BYTES == 0, "block data is aligned");
static_assert(alignof(max_align_t) <= ALIGN_BYTES, "aligned for any type");

struct arena {
    struct block *first;
    struct block *current; /* NULL: nothing handed out. */
    size_t total;          /* Bytes of all blocks. */
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr,
            "{\"level\":\"fatal\",\"event\":\"memory\",\"bytes\":%zu}\n", size);
    abort();
}

void *mem_new(size_t size)
{
    void *ptr = calloc(1, size ? size : 1);
    if (!ptr)
        out_of_memory(size);
    return ptr;
}

void *mem_resize(void *ptr, size_t size)
{
    void *grown = realloc(ptr, size ? size : 1);
    if (!grown)
        out_of_memory(size);
    return grown;
}

void mem_free(void *ptr)
{
    free(ptr);
}

static char *block_bytes(struct block *block)
{
    return (char *)(block + 1);
}

static struct block *block_open(struct arena *arena, size_t size)
{
    if (size > LIMIT_ARENA_BYTES || arena->total > LIMIT_ARENA_BYTES - size)
        out_of_memory(size);
    struct block *block = malloc(sizeof(*block) + size);
    if (!block)
        out_of_memory(size);
    *block = (struct block){.size = size};
    ASAN_POISON_MEMORY_REGION(block_bytes(block), size);
    arena->total += size;
    return block;
}

static void block_close(struct arena *arena, struct block *block)
{
    arena->total -= block->size;
    ASAN_UNPOISON_MEMORY_REGION(block_bytes(block), block->size);
    free(block);
}

struct arena *arena_open(void)
{
    return mem_new(sizeof(struct arena));
}

void arena_close(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->first; block;) {
        struct block *next = block->next;
        block_close(arena, block);
        block = next;
    }
    free(arena);
}

static void block_cut(struct block *block, size_t used)
{
    ASAN_POISON_MEMORY_REGION(block_bytes(block) + used, block->size - used);
    block->used = used;
}

/* Makes what follows the current block spare and frees what is too much. */
static void drop_rest(struct arena *arena)
{
    size_t kept = 0;
    struct block **link = &arena->first;
    bool is_spare = arena->current == NULL;
    while (*link) {
        struct block *block = *link;
        if (is_spare && kept + block->size > KEEP_BYTES) {
            *link = block->next;
            block_close(arena, block);
            continue;
        }
        if (is_spare)
            block_cut(block, 0);
        is_spare = is_spare || block == arena->current;
        kept += block->size;
        link = &block->next;
    }
}

void arena_reset(struct arena *arena)
{
    arena->current = NULL;
    drop_rest(arena);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){
        .block = arena->current,
        .used = arena->current ? arena->current->used : 0,
    };
}

void arena_reset_to(struct arena *arena, struct arena_mark mark)
{
    struct block *block = mark.block;
    if (block && block == arena->current) {
        ASSERT(mark.used <= block->used);
        block_cut(block, mark.used);
        return;
    }
    arena->current = block;
    if (block)
        block_cut(block, mark.used);
    drop_rest(arena);
}

static size_t padded(size_t size)
{
    if (size > LIMIT_ARENA_BYTES)
        out_of_memory(size);
    size_t up = (size + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
    return up + GAP_BYTES;
}

/* Makes current a block with room for `need`: a spare one or a new one. */
static void make_room(struct arena *arena, size_t need)
{
    struct block **link =
        arena->current ? &arena->current->next : &arena->first;
    struct block *spare = *link;
    if (spare && spare->size >= need) {
        arena->current = spare;
        return;
    }
    size_t size = arena->total < FIRST_BYTES ? FIRST_BYTES : arena->total;
    if (size > GROW_BYTES)
        size = GROW_BYTES;
    if (size < need)
        size = need;
    struct block *block = block_open(arena, size);
    block->next = spare;
    *link = block;
    arena->current = block;
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
    size_t need = padded(size ? size : 1);
    struct block *block = arena->current;
    if (!block || block->size - block->used < need) {
        make_room(arena, need);
        block = arena->current;
    }
    char *ptr = block_bytes(block) + block->used;
    block->used += need;
    ASAN_UNPOISON_MEMORY_REGION(ptr, size);
    return ptr;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_alloc_raw(arena, size), 0, size);
}

bool arena_extend(struct arena *arena, const void *ptr, size_t old_size,
                  size_t size)
{
    struct block *block = arena->current;
    size_t old_need = padded(old_size ? old_size : 1);
    size_t need = padded(size ? size : 1);
    if (!block || need < old_need || block->used < old_need)
        return false;
    size_t start = block->used - old_need;
    if (block_bytes(block) + start != ptr || block->size - start < need)
        return false;
    block->used = start + need;
    ASAN_UNPOISON_MEMORY_REGION(ptr, size);
    return true;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, bytes);
}

size_t arena_used(const struct arena *arena)
{
    size_t used = 0;
    const struct block *last = arena->current;
    for (const struct block *block = last ? arena->first : NULL; block;
         block = block == last ? NULL : block->next)
        used += block->used;
    return used;
}
