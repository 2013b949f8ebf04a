/* faulty_vfs.c - a disk that loses what was not synced, fills up or fails.
 *
 * Linked into a test build of the binary, where it puts itself in front of
 * SQLite's own VFS. Writes pass through, and each is noted with what it wrote
 * over until the file is synced. At power loss all I/O stops, a random part of
 * the noted writes is taken back (sectors torn, files cut or never born) and
 * the process ends: what is left is what a disk may hold after the plug was
 * pulled. The first byte of the file that WHARF_FAULT_CONTROL names says what
 * the disk does now:
 *
 *   o  all is well                  f  full: no file may grow
 *   r  read-only                    e  writes fail (EIO)
 *   p  power is lost after a random number of further operations
 *
 * WHARF_FAULT_SEED seeds the dice. With WHARF_FAULT_NOSYNC the disk lies:
 * a sync does nothing, as with synchronous=OFF. A crash test that does not
 * fail then proves nothing.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SECTOR = 512, LOST_POWER_EXIT = 77, POWER_STEPS = 400 };

/* What one unsynced write covered, so that it can be taken back. */
struct note {
    sqlite3_int64 at;
    int len;   /* At most SECTOR for writes; the lost tail for a cut. */
    int old;   /* How many of those bytes existed before. */
    char *was; /* The old bytes. */
};

/* One file of the disk, shared by all who opened it. */
struct medium {
    struct medium *next;
    char *path;
    struct note *notes;
    size_t count, room;
    sqlite3_int64 synced_size;
    bool is_unborn; /* Made, but its folder not yet synced. */
};

struct faulty_file {
    sqlite3_file base;
    struct medium *medium; /* NULL: not watched (temporary files). */
    sqlite3_file *real;
};

struct faults {
    pthread_mutex_t lock;
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    struct medium *media;
    const volatile char *control;
    uint64_t dice;
    long steps_left; /* -1: power is not about to go. */
    bool has_syncs;
};

static struct faults faults = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .steps_left = -1, .has_syncs = true};

static uint64_t roll(void)
{
    faults.dice ^= faults.dice << 13;
    faults.dice ^= faults.dice >> 7;
    faults.dice ^= faults.dice << 17;
    return faults.dice;
}

static char mood(void)
{
    return faults.control == NULL ? 'o' : *faults.control;
}

/* ---- power loss ---- */

static void put_back(int fd, const struct note *note)
{
    static const char zeros[SECTOR];
    int old = note->old;
    if (roll() % 5 == 0) /* Torn: only the head of the sector goes back. */
        old = (int)(roll() % (uint64_t)(old + 1));
    if (old > 0)
        (void)!pwrite(fd, note->was, (size_t)old, note->at);
    if (note->old < note->len && note->len <= SECTOR)
        (void)!pwrite(fd, zeros, (size_t)(note->len - note->old),
                      note->at + note->old);
}

/* Newest first, so that any state between the last sync and now may result. */
static void forget_unsynced(struct medium *medium, uint64_t lost_percent)
{
    int fd = open(medium->path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    if (medium->is_unborn && roll() % 2 == 0)
        unlink(medium->path);
    for (size_t i = medium->count; i > 0; i--)
        if (roll() % 100 < lost_percent)
            put_back(fd, &medium->notes[i - 1]);
    sqlite3_int64 size = lseek(fd, 0, SEEK_END);
    if (medium->count > 0 && size > medium->synced_size && roll() % 2 == 0) {
        uint64_t sectors = (uint64_t)(size - medium->synced_size) / SECTOR + 1;
        (void)!ftruncate(fd, medium->synced_size +
                                 (sqlite3_int64)(roll() % sectors) * SECTOR);
    }
    close(fd);
}

static void lose_power(void)
{
    static const uint64_t shares[] = {0, 20, 50, 90, 100};
    uint64_t share = shares[roll() % (sizeof(shares) / sizeof(shares[0]))];
    for (struct medium *medium = faults.media; medium; medium = medium->next)
        forget_unsynced(medium, share);
    _exit(LOST_POWER_EXIT); /* With the lock held: nobody writes any more. */
}

/* At the start of each operation, with the lock held. */
static void tick(void)
{
    if (faults.steps_left < 0 && mood() == 'p')
        faults.steps_left = (long)(roll() % POWER_STEPS);
    if (faults.steps_left >= 0 && faults.steps_left-- == 0)
        lose_power();
}

/* ---- notes ---- */

static struct medium *medium_of(const char *path, bool is_new)
{
    struct medium *medium = faults.media;
    while (medium && strcmp(medium->path, path) != 0)
        medium = medium->next;
    if (!medium) {
        medium = calloc(1, sizeof(*medium));
        if (!medium)
            abort();
        medium->path = strdup(path);
        medium->next = faults.media;
        faults.media = medium;
    }
    if (is_new)
        medium->is_unborn = true;
    return medium;
}

static void notes_clear(struct medium *medium)
{
    for (size_t i = 0; i < medium->count; i++)
        free(medium->notes[i].was);
    medium->count = 0;
}

static void note_add(struct faulty_file *file, sqlite3_int64 at, int len)
{
    struct medium *medium = file->medium;
    sqlite3_int64 size = 0;
    if (medium->count == medium->room) {
        medium->room = medium->room == 0 ? 1024 : medium->room * 2;
        medium->notes =
            realloc(medium->notes, medium->room * sizeof(*medium->notes));
        if (!medium->notes)
            abort();
    }
    struct note *note = &medium->notes[medium->count++];
    file->real->pMethods->xFileSize(file->real, &size);
    sqlite3_int64 old = size <= at ? 0 : size - at;
    note->at = at;
    note->len = len;
    note->old = old < len ? (int)old : len;
    note->was = malloc((size_t)len);
    if (!note->was)
        abort();
    file->real->pMethods->xRead(file->real, note->was, len, at);
}

/* ---- methods of a file ---- */

static struct faulty_file *mine(sqlite3_file *file)
{
    return (struct faulty_file *)file;
}

static int f_close(sqlite3_file *file)
{
    return mine(file)->real->pMethods->xClose(mine(file)->real);
}

static int f_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    sqlite3_file *real = mine(file)->real;
    return real->pMethods->xRead(real, to, len, at);
}

static int refusal(struct faulty_file *file, sqlite3_int64 end)
{
    sqlite3_int64 size = 0;
    switch (mood()) {
    case 'r': return SQLITE_READONLY;
    case 'e': return SQLITE_IOERR_WRITE;
    case 'f':
        file->real->pMethods->xFileSize(file->real, &size);
        return end > size ? SQLITE_FULL : SQLITE_OK;
    default: return SQLITE_OK;
    }
}

static int f_write(sqlite3_file *base, const void *from, int len,
                   sqlite3_int64 at)
{
    struct faulty_file *file = mine(base);
    sqlite3_file *real = file->real;
    if (!file->medium)
        return real->pMethods->xWrite(real, from, len, at);
    pthread_mutex_lock(&faults.lock);
    tick();
    int code = refusal(file, at + len);
    if (code == SQLITE_OK) {
        for (int done = 0; done < len;) {
            int part = SECTOR - (int)((at + done) % SECTOR);
            part = part < len - done ? part : len - done;
            note_add(file, at + done, part);
            done += part;
        }
        code = real->pMethods->xWrite(real, from, len, at);
    }
    pthread_mutex_unlock(&faults.lock);
    return code;
}

static int f_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct faulty_file *file = mine(base);
    sqlite3_file *real = file->real;
    sqlite3_int64 old = 0;
    if (!file->medium)
        return real->pMethods->xTruncate(real, size);
    pthread_mutex_lock(&faults.lock);
    tick();
    int code = refusal(file, size);
    if (code == SQLITE_OK) {
        real->pMethods->xFileSize(real, &old);
        if (old > size)
            note_add(file, size, (int)(old - size));
        if (size < file->medium->synced_size)
            file->medium->synced_size = size;
        code = real->pMethods->xTruncate(real, size);
    }
    pthread_mutex_unlock(&faults.lock);
    return code;
}

/* No real sync: what the kernel holds outlives the process. */
static int f_sync(sqlite3_file *base, int flags)
{
    struct faulty_file *file = mine(base);
    (void)flags;
    if (!file->medium)
        return SQLITE_OK;
    pthread_mutex_lock(&faults.lock);
    tick();
    int code = mood() == 'e' ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (code == SQLITE_OK && faults.has_syncs) {
        notes_clear(file->medium);
        file->medium->is_unborn = false;
        file->real->pMethods->xFileSize(file->real, &file->medium->synced_size);
    }
    pthread_mutex_unlock(&faults.lock);
    return code;
}

static int f_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    return mine(file)->real->pMethods->xFileSize(mine(file)->real, ret);
}

static int f_lock(sqlite3_file *file, int level)
{
    return mine(file)->real->pMethods->xLock(mine(file)->real, level);
}

static int f_unlock(sqlite3_file *file, int level)
{
    return mine(file)->real->pMethods->xUnlock(mine(file)->real, level);
}

static int f_reserved(sqlite3_file *file, int *ret)
{
    return mine(file)->real->pMethods->xCheckReservedLock(mine(file)->real,
                                                          ret);
}

static int f_control(sqlite3_file *file, int op, void *arg)
{
    /* A size hint would make the file grow behind our back. */
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK;
    return mine(file)->real->pMethods->xFileControl(mine(file)->real, op, arg);
}

static int f_sector(sqlite3_file *file)
{
    return mine(file)->real->pMethods->xSectorSize(mine(file)->real);
}

static int f_device(sqlite3_file *file)
{
    return mine(file)->real->pMethods->xDeviceCharacteristics(mine(file)->real);
}

static int f_shm_map(sqlite3_file *file, int region, int size, int extend,
                     void volatile **ret)
{
    sqlite3_file *real = mine(file)->real;
    return real->pMethods->xShmMap(real, region, size, extend, ret);
}

static int f_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    sqlite3_file *real = mine(file)->real;
    return real->pMethods->xShmLock(real, offset, n, flags);
}

static void f_shm_barrier(sqlite3_file *file)
{
    mine(file)->real->pMethods->xShmBarrier(mine(file)->real);
}

static int f_shm_unmap(sqlite3_file *file, int deletes)
{
    return mine(file)->real->pMethods->xShmUnmap(mine(file)->real, deletes);
}

/* Version 2: no xFetch, so all reads and writes are seen. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

/* ---- methods of the disk ---- */

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base,
                  int flags, int *ret_flags)
{
    struct faulty_file *file = mine(base);
    int watched =
        SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    (void)vfs;
    memset(file, 0, sizeof(*file));
    file->real = (sqlite3_file *)(file + 1);
    bool is_new = name != NULL && access(name, F_OK) != 0;
    if (mood() == 'r' && (flags & watched) != 0 && is_new)
        return SQLITE_READONLY;
    int code =
        faults.real->xOpen(faults.real, name, file->real, flags, ret_flags);
    if (code != SQLITE_OK)
        return code;
    base->pMethods = &methods;
    if (name != NULL && (flags & watched) != 0) {
        pthread_mutex_lock(&faults.lock);
        file->medium = medium_of(name, is_new);
        if (file->medium->count == 0)
            file->real->pMethods->xFileSize(file->real,
                                            &file->medium->synced_size);
        pthread_mutex_unlock(&faults.lock);
    }
    return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (mood() == 'r' || mood() == 'e')
        return SQLITE_IOERR_DELETE;
    pthread_mutex_lock(&faults.lock);
    tick();
    notes_clear(medium_of(name, false));
    int code = faults.real->xDelete(faults.real, name, sync);
    pthread_mutex_unlock(&faults.lock);
    return code;
}

static void open_control(void)
{
    const char *path = getenv("WHARF_FAULT_CONTROL");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    void *at = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (at != MAP_FAILED)
        faults.control = at;
}

__attribute__((constructor)) static void install(void)
{
    const char *seed = getenv("WHARF_FAULT_SEED");
    faults.dice = 88172645463325252U;
    if (seed != NULL)
        faults.dice ^= strtoull(seed, NULL, 10) * 0x9e3779b97f4a7c15U;
    faults.has_syncs = getenv("WHARF_FAULT_NOSYNC") == NULL;
    open_control();
    /* Registering initializes SQLite, after which no sqlite3_config takes. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    faults.real = sqlite3_vfs_find(NULL);
    faults.vfs = *faults.real;
    faults.vfs.zName = "faulty";
    faults.vfs.szOsFile =
        (int)sizeof(struct faulty_file) + faults.real->szOsFile;
    faults.vfs.xOpen = v_open;
    faults.vfs.xDelete = v_delete;
    sqlite3_vfs_register(&faults.vfs, 1);
}
