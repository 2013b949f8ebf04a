/* park.c - commands that crash the process, found out and put aside. */
#include "store/park.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

enum { RUNNING_MAX = 4096, SUSPECTS_MAX = 1024 };

#define PARK_MAGIC ((int64_t)0x315f6b7261705f77) /* "w_park_1" */

struct running {
    int64_t key_hash, key_check;
};

struct suspect {
    int64_t key_hash, key_check;
    int64_t crashes; /* 0: free. */
};

/* The file. Read by the next process on the same machine only. */
struct sheet {
    int64_t magic;
    atomic_llong running_count;
    int64_t suspect_count;
    struct running running[RUNNING_MAX];
    struct suspect suspects[SUSPECTS_MAX];
};

struct park {
    struct sheet *sheet;
};

static struct suspect *suspect_find(struct sheet *sheet, int64_t hash,
                                    int64_t check)
{
    for (int64_t i = 0; i < sheet->suspect_count; i++)
        if (sheet->suspects[i].key_hash == hash &&
            sheet->suspects[i].key_check == check)
            return &sheet->suspects[i];
    return NULL;
}

static void suspect_drop(struct sheet *sheet, struct suspect *suspect)
{
    *suspect = sheet->suspects[--sheet->suspect_count];
}

/* Of too many, the one with the fewest deaths makes room. */
static struct suspect *suspect_room(struct sheet *sheet)
{
    if (sheet->suspect_count < SUSPECTS_MAX)
        return &sheet->suspects[sheet->suspect_count++];
    struct suspect *least = &sheet->suspects[0];
    for (int i = 1; i < SUSPECTS_MAX; i++)
        if (sheet->suspects[i].crashes < least->crashes)
            least = &sheet->suspects[i];
    return least;
}

static void suspect_add(struct sheet *sheet, const struct running *ran)
{
    struct suspect *suspect =
        suspect_find(sheet, ran->key_hash, ran->key_check);
    if (suspect == NULL) {
        suspect = suspect_room(sheet);
        *suspect = (struct suspect){ran->key_hash, ran->key_check, 0};
    }
    suspect->crashes++;
    if (suspect->crashes == PARK_CRASHES)
        log_line(LOG_ERROR, "command_parked",
                 "a command was running at %d deaths of the process; its key "
                 "hashes to %llx",
                 PARK_CRASHES, (unsigned long long)ran->key_hash);
}

static void count_dead(struct sheet *sheet)
{
    int64_t count = atomic_load(&sheet->running_count);
    if (count < 0 || count > RUNNING_MAX || sheet->suspect_count < 0 ||
        sheet->suspect_count > SUSPECTS_MAX || sheet->magic != PARK_MAGIC) {
        *sheet = (struct sheet){.magic = PARK_MAGIC};
        return;
    }
    for (int64_t i = 0; i < count; i++)
        suspect_add(sheet, &sheet->running[i]);
    if (count > 0)
        log_line(LOG_WARN, "crashed",
                 "the process died while %lld commands ran; they run alone",
                 (long long)count);
    atomic_store(&sheet->running_count, 0);
}

struct park *park_open(struct arena *arena, const char *path)
{
    const char *name =
        str_to_cstr(arena, str_printf(arena, "%s.running", path));
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void *sheet = MAP_FAILED;
    /* Room on the disk is taken now: a store to a hole would be a signal. */
    if (fd >= 0 && posix_fallocate(fd, 0, sizeof(struct sheet)) == 0)
        sheet = mmap(NULL, sizeof(struct sheet), PROT_READ | PROT_WRITE,
                     MAP_SHARED, fd, 0);
    if (fd >= 0)
        (void)close(fd);
    if (sheet == MAP_FAILED) {
        log_line(LOG_WARN, "park", "%s cannot be used; nothing is parked",
                 name);
        return NULL;
    }
    struct park *park = mem_new(sizeof(*park));
    park->sheet = sheet;
    count_dead(park->sheet);
    return park;
}

void park_close(struct park *park)
{
    if (park == NULL)
        return;
    (void)munmap(park->sheet, sizeof(struct sheet));
    mem_free(park);
}

int park_crashes(const struct park *park, const struct idem_entry *key)
{
    if (park == NULL || park->sheet->suspect_count == 0)
        return 0;
    const struct suspect *suspect =
        suspect_find(park->sheet, key->key_hash, key->key_check);
    return suspect ? (int)suspect->crashes : 0;
}

void park_begin(struct park *park, const struct idem_entry *keys, size_t count)
{
    if (park == NULL)
        return;
    struct sheet *sheet = park->sheet;
    size_t noted = 0;
    for (size_t i = 0; i < count && noted < RUNNING_MAX; i++)
        if (keys[i].key_hash != 0 || keys[i].key_check != 0)
            sheet->running[noted++] =
                (struct running){keys[i].key_hash, keys[i].key_check};
    atomic_store(&sheet->running_count, (long long)noted);
}

void park_end(struct park *park)
{
    if (park)
        atomic_store(&park->sheet->running_count, 0);
}

void park_clear(struct park *park, const struct idem_entry *key)
{
    if (park == NULL || park->sheet->suspect_count == 0)
        return;
    struct suspect *suspect =
        suspect_find(park->sheet, key->key_hash, key->key_check);
    if (suspect)
        suspect_drop(park->sheet, suspect);
}
