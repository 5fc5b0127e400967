/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_inputs.h"

#include <string.h>

/* Whether an analysis may write a file of that name. */
static bool writes(const mtp_file_analysis *analysis, const char *name)
{
    static const char *const suffix[] = {"json", "txt", "csv", "svg",
                                         "pdf",  "png", "html"};
    size_t length = strlen(analysis->name);

    if (strncmp(name, analysis->name, length) != 0 || name[length] != '.') {
        return false;
    }
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        if (strcmp(name + length + 1, suffix[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether none of the analyses replaces the table; tells the one that would. */
static mtp_exit spare(const mtp_analysis_file *file, const char *folder, size_t n,
                      const mtp_index_entry entry[], const char *table)
{
    const char *slash = strrchr(table, '/'), *name = slash ? slash + 1 : table;
    mtp_strbuf input, output;
    mtp_exit status = MTP_EXIT_OK;

    mtp_strbuf_init(&input);
    mtp_strbuf_init(&output);
    mtp_strbuf_printf(&input, "%s%s", file->folder, table);
    mtp_strbuf_printf(&output, "%s/%s", folder, name);
    if (input.failed || output.failed) {
        mtp_cli_error("memory is exhausted");
        status = MTP_EXIT_SYSTEM;
    }
    for (size_t i = 0; i < n && status == MTP_EXIT_OK; i++) {
        if (writes(entry[i].analysis, name) &&
            mtp_cli_same_file(output.text, input.text)) {
            mtp_cli_error("analysis '%s' would replace %s, which is read; name another "
                          "folder with --output",
                          entry[i].analysis->name, input.text);
            status = MTP_EXIT_USAGE;
        }
    }
    mtp_strbuf_free(&input);
    mtp_strbuf_free(&output);
    return status;
}

mtp_exit mtp_cli_spare_inputs(const mtp_analysis_file *file, const char *folder,
                              size_t n, const mtp_index_entry entry[])
{
    const char *last = NULL; /* the claims of a table stand together */
    mtp_exit status = MTP_EXIT_OK;

    for (size_t i = 0; i < file->n_data && status == MTP_EXIT_OK; i++) {
        status = spare(file, folder, n, entry, file->data[i].file);
    }
    for (size_t i = 0; i < file->n_claims && status == MTP_EXIT_OK; i++) {
        const char *table = file->claims[i].table;

        if (table && (!last || strcmp(table, last) != 0)) {
            status = spare(file, folder, n, entry, table);
            last = table;
        }
    }
    return status;
}

/* Whether the path is a file that the analysis file names. */
static mtp_exit spare_table(const mtp_analysis_file *file, const char *option,
                            const char *path, const char *table)
{
    mtp_strbuf input;
    mtp_exit status = MTP_EXIT_OK;

    mtp_strbuf_init(&input);
    mtp_strbuf_printf(&input, "%s%s", file->folder, table);
    if (input.failed) {
        mtp_cli_error("memory is exhausted");
        status = MTP_EXIT_SYSTEM;
    } else if (mtp_cli_same_file(path, input.text)) {
        mtp_cli_error("--%s %s: this is a table that %s reads; name another file",
                      option, path, file->path);
        status = MTP_EXIT_USAGE;
    }
    mtp_strbuf_free(&input);
    return status;
}

mtp_exit mtp_cli_spare_tables(const mtp_analysis_file *file, const char *option,
                              const char *path)
{
    const char *last = NULL; /* the claims of a table stand together */
    mtp_exit status = MTP_EXIT_OK;

    for (size_t i = 0; path && i < file->n_data && status == MTP_EXIT_OK; i++) {
        status = spare_table(file, option, path, file->data[i].file);
    }
    for (size_t i = 0; path && i < file->n_claims && status == MTP_EXIT_OK; i++) {
        const char *table = file->claims[i].table;

        if (table && (!last || strcmp(table, last) != 0)) {
            status = spare_table(file, option, path, table);
            last = table;
        }
    }
    return status;
}
