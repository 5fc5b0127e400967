/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "cli/snapshot_file.h"

#include "analysis/options.h"
#include "cli/run_inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ".snapshot.json" is an ending, for a file beside each FILE. */
static bool is_ending(const char *option)
{
    return option[0] == '.' && option[1] && !strchr(option, '/') &&
           strcmp(option, "..") != 0;
}

static bool is_set(const mtp_request *request, const char *flag)
{
    return strcmp(mtp_request_get(request, flag), "true") == 0;
}

/* The file of the snapshot of FILE; freed with free. NULL without memory. */
static char *path_of(const char *option, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    if (is_ending(option)) {
        mtp_strbuf_add_bytes(&out, path, dot ? (size_t)(dot - path) : strlen(path));
    }
    mtp_strbuf_add(&out, option);
    return mtp_strbuf_take(&out, NULL);
}

static mtp_exit no_memory(void)
{
    mtp_cli_error("memory is exhausted");
    return MTP_EXIT_SYSTEM;
}

static mtp_exit check_path(const mtp_request *request, const char *snapshot,
                           const char *path)
{
    const char *output = mtp_request_get(request, "output");
    struct stat info;

    if (mtp_cli_same_file(snapshot, path)) {
        mtp_cli_error("--snapshot %s: this is the file that is read; name another one",
                      snapshot);
        return MTP_EXIT_USAGE;
    }
    if (output && mtp_cli_same_file(snapshot, output)) {
        mtp_cli_error("--snapshot %s: --output goes there; name another file",
                      snapshot);
        return MTP_EXIT_USAGE;
    }
    if (stat(snapshot, &info) == 0 && !S_ISREG(info.st_mode)) {
        mtp_cli_error("--snapshot %s: this is %s; name a file", snapshot,
                      S_ISDIR(info.st_mode) ? "a folder" : "no plain file");
        return MTP_EXIT_USAGE;
    }
    return MTP_EXIT_OK;
}

mtp_exit mtp_cli_snapshot_check(const mtp_request *request, size_t n,
                                char *const paths[])
{
    const char *option = mtp_request_get(request, "snapshot");
    mtp_exit status = MTP_EXIT_OK;

    if (!option && (is_set(request, "update-snapshot") ||
                    is_set(request, "snapshot-must-exist"))) {
        mtp_cli_error("--%s needs --snapshot, which names the file",
                      is_set(request, "update-snapshot") ? "update-snapshot"
                                                         : "snapshot-must-exist");
        return MTP_EXIT_USAGE;
    }
    if (is_set(request, "update-snapshot") && is_set(request, "snapshot-must-exist")) {
        mtp_cli_error("--update-snapshot writes the snapshot whether it is there or "
                      "not; give it or --snapshot-must-exist");
        return MTP_EXIT_USAGE;
    }
    if (option && !option[0]) {
        mtp_cli_error("--snapshot has an empty name");
        return MTP_EXIT_USAGE;
    }
    if (option && n > 1 && !is_ending(option)) {
        mtp_cli_error("--snapshot %s is one file, and there are %zu FILEs; an ending "
                      "such as .snapshot.json stands for one beside each",
                      option, n);
        return MTP_EXIT_USAGE;
    }
    for (size_t i = 0; option && status == MTP_EXIT_OK && i < n; i++) {
        char *snapshot = path_of(option, paths[i]);

        status = snapshot ? check_path(request, snapshot, paths[i]) : no_memory();
        free(snapshot);
    }
    return status;
}

/* All of a file; freed with free. 0 or errno. */
static int read_all(const char *path, char **text, size_t *length)
{
    char part[16384];
    mtp_strbuf out;
    size_t n;
    int error;
    FILE *file = fopen(path, "rb");

    if (!file) {
        return errno;
    }
    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "");
    errno = 0;
    while ((n = fread(part, 1, sizeof part, file)) > 0) {
        mtp_strbuf_add_bytes(&out, part, n);
    }
    error = ferror(file) ? (errno ? errno : EIO) : 0;
    (void)fclose(file);
    *text = mtp_strbuf_take(&out, length);
    if (error != 0) {
        free(*text);
        *text = NULL;
    }
    return error != 0 ? error : *text ? 0 : ENOMEM;
}

/* The snapshot that there is, if there is one. */
static mtp_exit read_snapshot(const char *path, mtp_snapshot **snapshot)
{
    char *text = NULL;
    size_t length = 0;
    mtp_error err;
    mtp_status status;
    int error = read_all(path, &text, &length);

    if (error == ENOENT) {
        return MTP_EXIT_OK;
    }
    if (error == ENOMEM) {
        return no_memory();
    }
    if (error != 0) {
        mtp_cli_error("%s: cannot be read: %s", path, strerror(error));
        return MTP_EXIT_DATA;
    }
    status = mtp_snapshot_parse(path, text, length, snapshot, &err);
    free(text);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
    }
    return mtp_cli_exit_status(status);
}

static mtp_exit compare(const mtp_request *request, const mtp_analysis_file *file,
                        const char *path, const mtp_snapshot *before,
                        const mtp_snapshot *after, mtp_snapshot_comparison **comparison)
{
    const char *slash = strrchr(path, '/');
    mtp_snapshot_options options;
    mtp_error err;
    mtp_status status;

    mtp_snapshot_options_init(&options, sizeof options);
    options.name = slash ? slash + 1 : path;
    options.must_exist = is_set(request, "snapshot-must-exist");
    options.tolerance = mtp_request_number(request, MTP_OPT_SNAPSHOT_TOLERANCE);
    status = mtp_snapshot_compare(file, before, after, &options, comparison, &err);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
    }
    return mtp_cli_exit_status(status);
}

static mtp_exit take(const mtp_analysis_file *file, mtp_snapshot **snapshot)
{
    mtp_problems problems = {0};
    mtp_error err;
    mtp_status status = mtp_snapshot_take(file, snapshot, &problems, &err);

    if (status != MTP_OK) {
        mtp_cli_fail(&err, &problems);
    }
    return mtp_cli_exit_status(status);
}

mtp_exit mtp_cli_snapshot(const mtp_request *request, const mtp_analysis_file *file,
                          mtp_snapshot_comparison **comparison)
{
    const char *option = mtp_request_get(request, "snapshot");
    bool update = is_set(request, "update-snapshot");
    char *path = option ? path_of(option, file->path) : NULL;
    mtp_snapshot *before = NULL, *after = NULL;
    mtp_exit status;

    if (!option) {
        return MTP_EXIT_OK;
    }
    status = path ? mtp_cli_spare_tables(file, "snapshot", path) : no_memory();
    if (status == MTP_EXIT_OK) {
        status = read_snapshot(path, &before);
    }
    if (status == MTP_EXIT_OK) {
        status = take(file, &after);
    }
    if (status == MTP_EXIT_OK) {
        status =
            compare(request, file, path, update ? NULL : before, after, comparison);
    }
    if (status == MTP_EXIT_OK && (*comparison)->written) {
        size_t length = 0;
        const char *text = mtp_snapshot_text(after, &length);

        status = mtp_cli_write(path, text, length);
    }
    mtp_snapshot_free(before);
    mtp_snapshot_free(after);
    free(path);
    return status;
}
