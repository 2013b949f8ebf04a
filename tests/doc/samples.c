/* samples.c - writes one of each document for looking and for reading back.
 *
 *   doc_samples DIR
 */
#include "samples.h"

#include "base/arena.h"
#include "base/str.h"

static const char *dir;

void sample_write(const char *name, str bytes)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0) {
        (void)fprintf(stderr, "doc_samples: cannot write %s\n", path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: doc_samples DIR\n");
        return 2;
    }
    dir = argv[1];
    struct ctx ctx = {.arena = arena_open()};
    samples_of_labels(&ctx);
    samples_of_papers(&ctx);
    arena_close(ctx.arena);
    return 0;
}
