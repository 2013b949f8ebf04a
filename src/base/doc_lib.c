/* doc_lib.c - pango and cairo, loaded when the first document is drawn. */
#include "base/doc_lib.h"

#include <dlfcn.h>
#include <pthread.h>

/* Finds what it stands on, cairo and GObject, too. */
static const char library[] = "libpangocairo-1.0.so.0";

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct doc_lib lib; /* Written once, then only read. */
static bool is_loaded;

static void load(void)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return;
    const struct {
        const char *name;
        void *place;
    } all[] = {
#define X(name) {#name, &lib.name},
        DOC_LIB_FUNCTIONS(X)
#undef X
    };
    bool is_whole = true;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        void *found = dlsym(handle, all[i].name);
        is_whole = is_whole && found;
        memcpy(all[i].place, &found, sizeof found);
    }
    is_loaded = is_whole;
}

err_t doc_lib_load(struct ctx *ctx)
{
    (void)pthread_once(&once, load);
    if (is_loaded)
        return OK;
    return fail_as(ctx, ERR_INTERNAL, "documents_unavailable", "",
                   "%s is needed to draw documents", library);
}

const struct doc_lib *doc_lib(void)
{
    ASSERT(is_loaded);
    return &lib;
}

/* Fontconfig reaches what it owns by offsets, which a leak checker cannot
 * follow; cairo keeps its fonts for the life of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libcairo\n";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
