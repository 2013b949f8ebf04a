/* cli_man.c - the manual page, and what shells complete. */
#include "app/cli_man.h"

#include <string.h>

#include "app/cli.h"
#include "base/str.h"

/* ---- the manual page ---- */

/* A line that begins with a dot or an apostrophe would be a request. */
static void put(FILE *to, str text)
{
    if (text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\''))
        fputs("\\&", to);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            fputs("\\e", to);
        else if (text.ptr[i] == '-')
            fputs("\\-", to);
        else
            fputc(text.ptr[i], to);
    }
}

static void put_lines(FILE *to, const char *text, const char *before,
                      const char *prefix)
{
    for (str rest = str_from_cstr(text); rest.len > 0;) {
        str line = str_split(rest, '\n', &rest);
        fprintf(to, "%s%s", before, prefix);
        put(to, line);
        fputs("\n", to);
    }
}

static void man_option(FILE *to, const struct cli_option *option)
{
    fputs(".TP\n.B \\-\\-", to);
    put(to, str_from_cstr(option->name));
    if (option->value) {
        fputs(" ", to);
        put(to, str_from_cstr(option->value));
    }
    fputs("\n", to);
    put(to, str_from_cstr(option->help));
    fputs("\n", to);
}

static void man_command(FILE *to, const struct cli_command *command)
{
    const struct cli_option *option;
    fprintf(to, ".SS wharf %s\n", command->name);
    put(to, str_from_cstr(command->line));
    fputs("\n", to);
    fputs(".PP\n.nf\n", to);
    if (command->usage[0]) {
        char prefix[64];
        (void)snprintf(prefix, sizeof prefix, "wharf %s ", command->name);
        put_lines(to, command->usage, "", prefix);
    } else {
        fprintf(to, "wharf %s\n", command->name);
    }
    fputs(".fi\n", to);
    put_lines(to, command->about, ".PP\n", "");
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        man_option(to, option);
    if (command->fails) {
        fputs(".PP\nExit code 1: ", to);
        put(to, str_from_cstr(command->fails));
        fputs(".\n", to);
    }
    fputs(".PP\n.nf\n", to);
    put_lines(to, command->examples, "", "    ");
    fputs(".fi\n", to);
}

void cli_man(FILE *to)
{
    fputs(".\\\" Made by 'wharf help --man'.\n"
          ".TH WHARF 1 \"\" \"Wharf " WHARF_VERSION "\" \"Wharf\"\n"
          ".SH NAME\nwharf \\- takes orders, reserves stock and never sells a "
          "unit twice\n"
          ".SH SYNOPSIS\n.B wharf\n.I COMMAND\n[options]\n"
          ".SH COMMANDS\n",
          to);
    for (size_t i = 0; cli_commands[i]; i++)
        man_command(to, cli_commands[i]);
    fputs(".SH EXIT STATUS\n"
          "0: done. 1: failed, or found wrong. 2: the call is wrong and "
          "nothing was done.\n"
          ".SH ENVIRONMENT\n"
          ".TP\n.B WHARF_STORE\nthe store where \\-\\-store is left out\n"
          ".TP\n.B WHARF_PG_CONNINFO\nthe libpq connection string where "
          "\\-\\-conninfo\\-file is left out\n"
          ".SH FILES\n"
          ".TP\n.I STORE.lock\nheld by the process that owns the store\n"
          ".TP\n.I STORE.sock\nwhere a serving process takes commands\n",
          to);
}

/* ---- completion ---- */

static void put_options(FILE *to, const struct cli_command *command)
{
    const struct cli_option *option;
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        fprintf(to, "--%s ", option->name);
    fputs("--help", to);
}

static void put_names(FILE *to)
{
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(to, "%s%s", i > 0 ? " " : "", cli_commands[i]->name);
}

static void bash(FILE *to)
{
    fputs("# bash completion of wharf: wharf completion bash\n"
          "_wharf() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} options=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '",
          to);
    put_names(to);
    fputs("' -- \"$word\"))\n"
          "        return\n"
          "    fi\n"
          "    case ${COMP_WORDS[1]} in\n",
          to);
    for (size_t i = 0; cli_commands[i]; i++) {
        fprintf(to, "        %s) options='", cli_commands[i]->name);
        put_options(to, cli_commands[i]);
        fputs("' ;;\n", to);
    }
    fputs("    esac\n"
          "    case $word in\n"
          "        -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
          "        *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _wharf wharf\n",
          to);
}

/* zsh runs bash's completion by itself. */
static void zsh(FILE *to)
{
    fputs("#compdef wharf\n"
          "# zsh completion of wharf: wharf completion zsh\n"
          "autoload -U +X bashcompinit && bashcompinit\n",
          to);
    bash(to);
}

/* Inside single quotes of the shell. */
static void put_quoted(FILE *to, const char *text)
{
    fputc('\'', to);
    for (; *text; text++)
        fputs(*text == '\'' ? "\\'" : (char[]){*text, '\0'}, to);
    fputc('\'', to);
}

static void fish(FILE *to)
{
    const struct cli_option *option;
    fputs("# fish completion of wharf: wharf completion fish\n", to);
    for (size_t i = 0; cli_commands[i]; i++) {
        const struct cli_command *command = cli_commands[i];
        fprintf(to, "complete -c wharf -n __fish_use_subcommand -f -a %s -d ",
                command->name);
        put_quoted(to, command->line);
        fputs("\n", to);
        for (size_t j = 0; (option = cli_option_at(command, j)) != NULL; j++) {
            fprintf(to,
                    "complete -c wharf -n '__fish_seen_subcommand_from %s' "
                    "-l %s %s-d ",
                    command->name, option->name, option->value ? "-r " : "");
            put_quoted(to, option->help);
            fputs("\n", to);
        }
    }
}

bool cli_completion(FILE *to, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        bash(to);
    else if (strcmp(shell, "zsh") == 0)
        zsh(to);
    else if (strcmp(shell, "fish") == 0)
        fish(to);
    else
        return false;
    return true;
}
