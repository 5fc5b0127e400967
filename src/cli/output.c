/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A closed pipe is quiet; every other failure of the device is told. */
static mtp_exit output_failed(const char *path, int error)
{
    if (error == EPIPE) {
        return MTP_EXIT_OK;
    }
    mtp_cli_error("%s: writing failed: %s", path ? path : "standard output",
                  error == ENOENT ? "its folder does not exist" : strerror(error));
    return MTP_EXIT_SYSTEM;
}

static mtp_exit write_stdout(const char *text, size_t length)
{
    errno = 0;
    if (fwrite(text, 1, length, stdout) != length || fflush(stdout) != 0 ||
        ferror(stdout)) {
        return output_failed(NULL, errno);
    }
    return MTP_EXIT_OK;
}

/* Write and close; 0 or errno. */
static int fill_file(int descriptor, const char *text, size_t length)
{
    int error = 0;

    while (length > 0 && error == 0) {
        ssize_t done = write(descriptor, text, length);

        if (done < 0) {
            error = errno == EINTR ? 0 : errno;
        } else {
            text += done;
            length -= (size_t)done;
        }
    }
    if (close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

/* Signals that would end us between making the temporary file and renaming it wait. */
static void hold_signals(sigset_t *before)
{
    sigset_t ending;

    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGHUP);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &ending, before);
}

/* A temporary file beside the target, renamed over it when it is complete; 0 or errno.
 */
static int replace_file(const char *path, mode_t mode, const char *text, size_t length)
{
    static const char suffix[] = ".XXXXXX";
    size_t length_of_path = strlen(path);
    char *temporary = malloc(length_of_path + sizeof suffix);
    sigset_t before;
    int descriptor, error;

    if (!temporary) {
        return ENOMEM;
    }
    memcpy(temporary, path, length_of_path);
    memcpy(temporary + length_of_path, suffix, sizeof suffix);
    hold_signals(&before);
    descriptor = mkstemp(temporary);
    error = descriptor < 0 ? errno : 0;
    if (error == 0) {
        (void)fchmod(descriptor, mode);
        error = fill_file(descriptor, text, length);
        if (error == 0 && rename(temporary, path) != 0) {
            error = errno;
        }
        if (error != 0) {
            (void)unlink(temporary);
        }
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    free(temporary);
    return error;
}

static int create_file(const char *path, const char *text, size_t length)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return replace_file(path, 0666 & ~mask, text, length);
}

/* The file behind a symbolic link is the one to replace, and keeps its mode. */
static int replace_existing(const char *path, mode_t mode, const char *text,
                            size_t length)
{
    char *real = access(path, W_OK) == 0 ? realpath(path, NULL) : NULL;
    int error = real ? replace_file(real, mode & 0777, text, length) : errno;

    free(real);
    return error;
}

/* Devices, pipes (/dev/stdout, /dev/full) and links to nothing yet cannot be replaced:
 * write into them. */
static int write_special(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "w");
    int error = 0;

    if (!file) {
        return errno;
    }
    if (fwrite(text, 1, length, file) != length) {
        error = errno;
    }
    if (fclose(file) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

/* 0 or errno. */
static int write_file(const char *path, const char *text, size_t length)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        return lstat(path, &info) == 0 ? write_special(path, text, length)
                                       : create_file(path, text, length);
    }
    if (S_ISDIR(info.st_mode)) {
        return EISDIR;
    }
    return S_ISREG(info.st_mode) ? replace_existing(path, info.st_mode, text, length)
                                 : write_special(path, text, length);
}

mtp_exit mtp_cli_write(const char *path, const char *text, size_t length)
{
    int error;

    if (!path || strcmp(path, "-") == 0) {
        return write_stdout(text, length);
    }
    error = write_file(path, text, length);
    return error == 0 ? MTP_EXIT_OK : output_failed(path, error);
}

mtp_exit mtp_cli_write_buffer(mtp_strbuf *out)
{
    size_t length = 0;
    char *text = mtp_strbuf_take(out, &length);
    mtp_exit status;

    if (!text) {
        mtp_cli_error("memory is exhausted");
        return MTP_EXIT_SYSTEM;
    }
    status = mtp_cli_write(NULL, text, length);
    free(text);
    return status;
}

const char *mtp_cli_suffix(const char *path, char *buffer, size_t size)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *dot = path ? strrchr(slash ? slash : path, '.') : NULL;
    size_t length = dot ? strlen(dot + 1) : 0;

    if (length == 0 || length >= size) {
        return NULL;
    }
    for (size_t i = 0; i <= length; i++) {
        char c = dot[1 + i];

        buffer[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return buffer;
}
