/* routes_cmd.c - the command `wharf routes`. */
#include "app/cli.h"
#include "app/commands.h"
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

static void print_route(struct cli *cli, const struct route *route,
                        bool is_first)
{
    const char *scope = route->perm ? perm_name(route->perm) : "";
    if (cli_flag(cli, "json"))
        fprintf(cli->out,
                "%s\n  {\"method\":\"%s\",\"path\":\"%s\","
                "\"operationId\":\"%s\",\"scope\":\"%s\",\"bulk\":%s}",
                is_first ? "" : ",", method_name(route->method), route->path,
                route->operation, scope, route->is_bulk ? "true" : "false");
    else
        fprintf(cli->out, "%-6s %-42s %-24s %s\n", method_name(route->method),
                route->path, route->operation, scope);
}

static int run(struct cli *cli)
{
    const struct route_list *lists[ROUTE_LISTS_MAX];
    bool is_first = true;
    rooms_routes(lists, ROUTE_LISTS_MAX);
    if (cli_flag(cli, "json"))
        fputs("[", cli->out);
    for (size_t i = 0; lists[i]; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            print_route(cli, &lists[i]->at[j], is_first);
            is_first = false;
        }
    if (cli_flag(cli, "json"))
        fputs("\n]\n", cli->out);
    return EXIT_FINE;
}

const struct cli_command cmd_routes = {
    .name = "routes",
    .line = "list the API's endpoints",
    .usage = "[--json]",
    .about = "Method, path, operation and the scope each one needs.",
    .examples = "wharf routes",
    .takes = CLI_JSON,
    .run = run,
};
