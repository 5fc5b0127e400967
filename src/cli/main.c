/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "metapool/version.h"

#include "cli/cli.h"
#include "core/nearest.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

const mtp_cli_command *const mtp_cli_commands[] = {
    &mtp_cmd_effects,     &mtp_cmd_pool,     &mtp_cmd_regress,     &mtp_cmd_bias,
    &mtp_cmd_sensitivity, &mtp_cmd_compare,  &mtp_cmd_composition, &mtp_cmd_plot,
    &mtp_cmd_page,        &mtp_cmd_run,      &mtp_cmd_verify,      &mtp_cmd_lint,
    &mtp_cmd_explain,     &mtp_cmd_datasets, &mtp_cmd_help,        NULL,
};

const mtp_cli_command *mtp_cli_find(const char *name)
{
    for (const mtp_cli_command *const *c = mtp_cli_commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0) {
            return *c;
        }
    }
    return NULL;
}

static mtp_exit show_version(void)
{
    static const char text[] =
        "metapool " MTP_VERSION "\n"
        "Licence GPL-3.0-or-later: <https://www.gnu.org/licenses/gpl.html>.\n"
        "Linked with the GNU Scientific Library, which is under the same licence.\n"
        "There is no warranty, to the extent permitted by law.\n";

    return mtp_cli_write(NULL, text, sizeof text - 1);
}

mtp_exit mtp_cli_unknown(const char *typed)
{
    const char *names[32] = {NULL};
    size_t n = 0, near;

    for (const mtp_cli_command *const *c = mtp_cli_commands; *c; c++) {
        names[n++] = (*c)->name;
    }
    near = mtp_nearest_name(typed, n, names);
    mtp_cli_error("unknown command '%s'; %s%s%s'metapool help' lists them", typed,
                  near < n ? "did you mean '" : "", near < n ? names[near] : "",
                  near < n ? "'? " : "");
    return MTP_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const mtp_cli_command *command;

    /* A closed pipe and a file at its size limit show when writing. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        mtp_cli_error("a command is needed; 'metapool help' lists them");
        return MTP_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        return (int)show_version();
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        return (int)mtp_cli_overview();
    }
    command = mtp_cli_find(argv[1]);
    if (!command) {
        return (int)mtp_cli_unknown(argv[1]);
    }
    return (int)command->run(command, argc - 1, argv + 1);
}
