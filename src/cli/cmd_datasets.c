/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/help.h"
#include "core/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The folder of the bundled analyses: METAPOOL_DATASETS, else where they were
 * installed, else where they were built from. NULL if there is none. */
static const char *datasets_folder(void)
{
    const char *candidates[] = {getenv("METAPOOL_DATASETS"), METAPOOL_DATADIR,
                                METAPOOL_SOURCE_DATADIR};
    struct stat info;

    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const char *folder = candidates[i];

        if (folder && *folder && stat(folder, &info) == 0 && S_ISDIR(info.st_mode)) {
            return folder;
        }
    }
    return NULL;
}

/* A file below the folder as a new text; NULL without memory. */
static char *join_path(const char *folder, const char *name, const char *file)
{
    mtp_strbuf path;

    mtp_strbuf_init(&path);
    mtp_strbuf_printf(&path, "%s%s%s%s%s", folder, name ? "/" : "", name ? name : "",
                      file ? "/" : "", file ? file : "");
    return mtp_strbuf_take(&path, NULL);
}

static mtp_exit read_index(const char *folder, mtp_table **index)
{
    char *path = join_path(folder, NULL, "index.csv");
    mtp_error err = {.status = MTP_E_NOMEM, .message = "memory is exhausted"};
    mtp_status status =
        path ? mtp_table_read_csv(path, NULL, index, NULL, &err) : MTP_E_NOMEM;

    free(path);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
    }
    return mtp_cli_exit_status(status);
}

static const char *cell(const mtp_table *index, const char *column, size_t row)
{
    const mtp_column *c = mtp_table_find(index, column);

    return c && c->text && c->text[row] ? c->text[row] : "";
}

/* A line of the list, broken and indented. */
static void add_line(mtp_strbuf *out, const char *text)
{
    enum { INDENT = 4 };

    mtp_strbuf_add_repeated(out, ' ', INDENT);
    mtp_help_wrap(out, text, INDENT, INDENT);
    mtp_strbuf_add_char(out, '\n');
}

static mtp_exit list(const mtp_table *index)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    for (size_t i = 0; i < mtp_table_rows(index); i++) {
        mtp_strbuf_printf(&out, "%s\n", cell(index, "name", i));
        add_line(&out, cell(index, "title", i));
        add_line(&out, cell(index, "files", i));
        mtp_strbuf_printf(&out, "    %s%s%s%s\n", *cell(index, "doi", i) ? "doi " : "",
                          cell(index, "doi", i), *cell(index, "doi", i) ? ", " : "",
                          cell(index, "licence", i));
    }
    return mtp_cli_write_buffer(&out);
}

/* The README of a data set. */
static mtp_exit show(const char *folder, const char *name)
{
    char *path = join_path(folder, name, "README.md");
    mtp_strbuf out;
    FILE *file = path ? fopen(path, "r") : NULL;
    char buffer[4096];
    size_t got;
    bool failed;

    free(path);
    if (!file) {
        mtp_cli_error("%s: the data set has no README", name);
        return MTP_EXIT_DATA;
    }
    mtp_strbuf_init(&out);
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0) {
        mtp_strbuf_add_bytes(&out, buffer, got);
    }
    failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed) {
        mtp_strbuf_free(&out);
        mtp_cli_error("%s: reading its README failed", name);
        return MTP_EXIT_SYSTEM;
    }
    return mtp_cli_write_buffer(&out);
}

static mtp_exit path_of(const char *folder, const char *name)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_printf(&out, "%s%s%s\n", folder, name ? "/" : "", name ? name : "");
    return mtp_cli_write_buffer(&out);
}

static mtp_exit check_name(const mtp_table *index, const char *name)
{
    const mtp_column *names = mtp_table_find(index, "name");
    size_t n = mtp_table_rows(index), near;

    for (size_t i = 0; names && i < n; i++) {
        if (names->text[i] && strcmp(names->text[i], name) == 0) {
            return MTP_EXIT_OK;
        }
    }
    near = names ? mtp_nearest_name(name, n, names->text) : n;
    mtp_cli_error("no data set '%s'; %s%s%s'metapool datasets list' lists them", name,
                  near < n ? "did you mean '" : "", near < n ? names->text[near] : "",
                  near < n ? "'? " : "");
    return MTP_EXIT_USAGE;
}

static mtp_exit run_verb(const char *folder, const mtp_table *index, int argc,
                         char **argv)
{
    const char *verb = argc >= 2 ? argv[1] : "list";
    const char *name = argc >= 3 ? argv[2] : NULL;
    bool known = strcmp(verb, "list") == 0 || strcmp(verb, "show") == 0 ||
                 strcmp(verb, "path") == 0;

    if (!known || argc > 3 || (strcmp(verb, "show") == 0 && !name)) {
        mtp_cli_error("usage: metapool datasets %s", mtp_cmd_datasets.operands);
        return MTP_EXIT_USAGE;
    }
    if (name && check_name(index, name) != MTP_EXIT_OK) {
        return MTP_EXIT_USAGE;
    }
    if (strcmp(verb, "list") == 0) {
        return list(index);
    }
    return strcmp(verb, "show") == 0 ? show(folder, name) : path_of(folder, name);
}

static mtp_exit run_datasets(const mtp_cli_command *command, int argc, char **argv)
{
    const char *folder = datasets_folder();
    mtp_table *index = NULL;
    mtp_exit status;

    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        return mtp_cli_help(command);
    }
    if (!folder) {
        mtp_cli_error(
            "the bundled data sets are not at %s; set METAPOOL_DATASETS to their "
            "folder",
            METAPOOL_DATADIR);
        return MTP_EXIT_DATA;
    }
    status = read_index(folder, &index);
    if (status == MTP_EXIT_OK) {
        status = run_verb(folder, index, argc, argv);
    }
    mtp_table_free(index);
    return status;
}

const mtp_cli_command mtp_cmd_datasets = {
    .name = "datasets",
    .operands = "list | show NAME | path [NAME]",
    .summary = "the bundled analyses: list, show, path",
    .about = "Lists the published analyses that come with metapool, shows what one "
             "holds and "
             "where its figures are from, or prints the folder in which it lies. "
             "METAPOOL_DATASETS names another folder.",
    .examples = {"metapool datasets list", "metapool datasets show nrm2024"},
    .run = run_datasets,
};
