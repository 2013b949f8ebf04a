/* routes_cmd.c - the commands `wharf routes` and `wharf migrate`. */
#include <stdio.h>

#include "app/cli.h"
#include "app/rooms.h"
#include "net/route.h"

enum { ROUTE_LISTS_MAX = 64 };

static const char *method_name(enum http_method method)
{
    switch (method) {
    case HTTP_GET: return "GET";
    case HTTP_POST: return "POST";
    case HTTP_PUT: return "PUT";
    case HTTP_PATCH: return "PATCH";
    case HTTP_DELETE: return "DELETE";
    }
    UNREACHABLE("not a method");
}

static void print_route(const struct route *route, bool is_json, bool is_first)
{
    const char *scope = route->perm ? perm_name(route->perm) : "";
    if (is_json)
        printf("%s\n  {\"method\":\"%s\",\"path\":\"%s\","
               "\"operationId\":\"%s\",\"scope\":\"%s\",\"bulk\":%s}",
               is_first ? "" : ",", method_name(route->method), route->path,
               route->operation, scope, route->is_bulk ? "true" : "false");
    else
        printf("%-6s %-42s %-24s %s\n", method_name(route->method), route->path,
               route->operation, scope);
}

int cmd_routes(struct cli *cli)
{
    const struct route_list *lists[ROUTE_LISTS_MAX];
    bool is_first = true;
    rooms_routes(lists, ROUTE_LISTS_MAX);
    if (cli->is_json)
        fputs("[", stdout);
    for (size_t i = 0; lists[i]; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            print_route(&lists[i]->at[j], cli->is_json, is_first);
            is_first = false;
        }
    if (cli->is_json)
        puts("\n]");
    return EXIT_FINE;
}

int cmd_migrate(struct cli *cli)
{
    struct store *store = NULL;
    if (cli_store_open(cli, &store) != OK)
        return cli_failed(cli);
    store_close(store);
    puts("the schema is up to date");
    return EXIT_FINE;
}
