/* main.c - the options of the load generator. */
#include "load.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char help[] =
    "usage: load --port P --mode MODE [options]\n"
    "  --mode intake|surge|list|detail|mixed|replay|hold|confirm|release|\n"
    "         idle|slow|leave\n"
    "  --host 127.0.0.1   --connections 64   --count N   --seconds S\n"
    "  --rate R           requests a second over all connections\n"
    "  --key-file FILE    API key (else WHARF_KEY)\n"
    "  --first N          number of the first order (else from the clock)\n"
    "  --random           external ids in random order\n"
    "  --skus N           BENCH-00000 to BENCH-N\n"
    "  --channel CODE     --sku CODE (one line of this SKU)\n"
    "  --query TEXT       added to the query of lists\n"
    "  --acks FILE        acknowledged orders or holds: written, or read by\n"
    "                     replay, confirm and release\n"
    "  --ids FILE         order ids for detail\n"
    "  --keep-going       connect again instead of giving up\n"
    "  --other-keys       other idempotency keys for the same orders\n";

static const char *const mode_names[] = {
    "",     "intake",  "surge",   "list", "detail", "mixed", "replay",
    "hold", "confirm", "release", "idle", "slow",   "leave"};

static enum load_mode mode_from(const char *name)
{
    for (int i = MODE_INTAKE; i <= MODE_LEAVE; i++)
        if (strcmp(name, mode_names[i]) == 0)
            return (enum load_mode)i;
    fprintf(stderr, "load: no mode %s\n%s", name, help);
    exit(2);
}

static const char *key_from_file(const char *path)
{
    static char key[256];
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(key, sizeof(key), file) == NULL) {
        fprintf(stderr, "load: cannot read the key in %s\n", path);
        exit(2);
    }
    fclose(file);
    key[strcspn(key, "\r\n")] = '\0';
    return key;
}

static void take_number(struct options *options, int name, const char *value)
{
    switch (name) {
    case 'p': options->port = (int)strtol(value, NULL, 10); break;
    case 'c': options->connections = (int)strtol(value, NULL, 10); break;
    case 'n': options->count = strtoll(value, NULL, 10); break;
    case 's': options->seconds = strtod(value, NULL); break;
    case 'r': options->rate = strtod(value, NULL); break;
    case 'f': options->first = strtoll(value, NULL, 10); break;
    case 'S': options->skus = (int)strtol(value, NULL, 10); break;
    default: fputs(help, stderr); exit(2);
    }
}

static void take(struct options *options, int name, const char *value)
{
    switch (name) {
    case 'm': options->mode = mode_from(value); break;
    case 'h': options->host = value; break;
    case 'k': options->key = key_from_file(value); break;
    case 'R': options->is_random = true; break;
    case 'C': options->channel = value; break;
    case 'K': options->sku = value; break;
    case 'q': options->query = value; break;
    case 'a': options->acks = value; break;
    case 'i': options->ids = value; break;
    case 'g': options->keeps_going = true; break;
    case 'o': options->has_other_keys = true; break;
    default: take_number(options, name, value);
    }
}

static const struct option long_options[] = {
    {"mode",        required_argument, NULL, 'm'},
    {"host",        required_argument, NULL, 'h'},
    {"port",        required_argument, NULL, 'p'},
    {"connections", required_argument, NULL, 'c'},
    {"count",       required_argument, NULL, 'n'},
    {"seconds",     required_argument, NULL, 's'},
    {"rate",        required_argument, NULL, 'r'},
    {"key-file",    required_argument, NULL, 'k'},
    {"first",       required_argument, NULL, 'f'},
    {"random",      no_argument,       NULL, 'R'},
    {"skus",        required_argument, NULL, 'S'},
    {"channel",     required_argument, NULL, 'C'},
    {"sku",         required_argument, NULL, 'K'},
    {"query",       required_argument, NULL, 'q'},
    {"acks",        required_argument, NULL, 'a'},
    {"ids",         required_argument, NULL, 'i'},
    {"keep-going",  no_argument,       NULL, 'g'},
    {"other-keys",  no_argument,       NULL, 'o'},
    {NULL,          0,                 NULL, 0  }
};

int main(int argc, char **argv)
{
    struct options options = {.host = "127.0.0.1",
                              .connections = 64,
                              .skus = 1000,
                              .channel = "bench",
                              .query = "",
                              .first = (int64_t)time(NULL) * 1000000};
    struct rlimit files;
    int name;
    options.key = getenv("WHARF_KEY");
    while ((name = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        take(&options, name, optarg);
    if (options.mode == 0 || options.port == 0 || options.key == NULL ||
        options.connections < 1 || options.skus < 2) {
        fputs(help, stderr);
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)!setrlimit(RLIMIT_NOFILE, &files);
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    return options.mode >= MODE_IDLE ? load_rude(&options) : load_run(&options);
}
