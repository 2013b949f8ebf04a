/* place_restore.c - the store is lost, and comes back from its backup. */
#define WHARF_UNBANNED
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "place.h"
#include "store/backup.h"

static str backup_path(const struct place *place)
{
    return str_printf(place->arena, "%s.backup", place->key_file);
}

void place_backup(struct place *place)
{
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    ctx.actor.kind = ACTOR_SYSTEM;
    const struct backup_pace pace = {.bytes_per_s = 0};
    struct backup_result result;
    str path = backup_path(place);
    unlink(path.ptr);
    if (backup_make(&ctx, place->store, path.ptr, &pace, &result) != OK)
        place_stop("backup_make", ctx.err.text);
    arena_close(ctx.arena);
}

/* Another file, or a schema that is empty. */
static void begin_anew(struct place *place, struct store_config *config)
{
    static int count;
    if (place->engine == STORE_SQLITE) {
        config->path =
            str_printf(place->arena, "%s/store-%d", place->dir, ++count).ptr;
        return;
    }
    char old[64];
    snprintf(old, sizeof(old), "%s", place->dir);
    snprintf(place->dir, sizeof(place->dir), "%.50s_%d", place->base, ++count);
    place_pg(place, "DROP SCHEMA", old, " CASCADE");
    place_pg(place, "CREATE SCHEMA", place->dir, "");
    config->conninfo = str_printf(place->arena, "%s options='-csearch_path=%s'",
                                  getenv("WHARF_PG_CONNINFO"), place->dir)
                           .ptr;
}

void place_restore(struct place *place)
{
    struct ctx ctx = {.arena = arena_open(), .now = clock_now()};
    ctx.actor.kind = ACTOR_SYSTEM;
    const struct backup_pace pace = {.bytes_per_s = 0};
    struct backup_result result;
    str path = backup_path(place);
    store_close(place->store);
    begin_anew(place, &place->config);
    FILE *file = fopen(path.ptr, "rb");
    if (!file)
        place_stop("fopen", path.ptr);
    if (backup_restore(&ctx, &place->config, file, &pace, &result) != OK)
        place_stop("backup_restore", ctx.err.text);
    fclose(file);
    unlink(path.ptr);
    if (store_open(&ctx, &place->config, &place->store) != OK)
        place_stop("store_open", ctx.err.text);
    store_start(place->store);
    arena_close(ctx.arena);
    place->served = (struct event_cursor){0, 0};
    place_forget(place);
}
