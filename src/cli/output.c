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

enum { PART = 65536 };

/* What is written: text, or all of a file from its start. */
typedef struct content {
    const char *text;
    size_t length;
    FILE *file; /* NULL: text */
} content;

/* The next bytes, in `room` where they come from a file; none at the end. 0 or errno.
 */
static int next_part(content *from, char room[PART], const char **part, size_t *length)
{
    *part = from->text;
    *length = from->length;
    from->length = 0;
    if (from->file) {
        errno = 0;
        *part = room;
        *length = fread(room, 1, PART, from->file);
        return ferror(from->file) ? errno : 0;
    }
    return 0;
}

/* 0 or errno. */
static int write_all(int descriptor, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t done = write(descriptor, text, length);

        if (done < 0 && errno != EINTR) {
            return errno;
        }
        if (done > 0) {
            text += done;
            length -= (size_t)done;
        }
    }
    return 0;
}

/* Write and close; 0 or errno. */
static int fill_file(int descriptor, content from)
{
    char room[PART];
    const char *part;
    size_t length;
    int error;

    do {
        error = next_part(&from, room, &part, &length);
        error = error == 0 ? write_all(descriptor, part, length) : error;
    } while (error == 0 && length > 0);
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
static int replace_file(const char *path, mode_t mode, content from)
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
        error = fill_file(descriptor, from);
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

static int create_file(const char *path, content from)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return replace_file(path, 0666 & ~mask, from);
}

/* The file behind a symbolic link is the one to replace, and keeps its mode. */
static int replace_existing(const char *path, mode_t mode, content from)
{
    char *real = access(path, W_OK) == 0 ? realpath(path, NULL) : NULL;
    int error = real ? replace_file(real, mode & 0777, from) : errno;

    free(real);
    return error;
}

/* Devices, pipes (/dev/stdout, /dev/full) and links to nothing yet cannot be replaced:
 * write into them. */
static int write_special(const char *path, content from)
{
    FILE *file = fopen(path, "w");
    char room[PART];
    const char *part;
    size_t length;
    int error;

    if (!file) {
        return errno;
    }
    do {
        error = next_part(&from, room, &part, &length);
        if (error == 0 && fwrite(part, 1, length, file) != length) {
            error = errno;
        }
    } while (error == 0 && length > 0);
    if (fclose(file) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

/* 0 or errno. */
static int write_file(const char *path, content from)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        return lstat(path, &info) == 0 ? write_special(path, from)
                                       : create_file(path, from);
    }
    if (S_ISDIR(info.st_mode)) {
        return EISDIR;
    }
    return S_ISREG(info.st_mode) ? replace_existing(path, info.st_mode, from)
                                 : write_special(path, from);
}

/* What follows the last slash, and what is known of the folder before it. */
static const char *last_part(const char *path, struct stat *folder, bool *known)
{
    const char *slash = strrchr(path, '/');
    char *before = slash ? strndup(path, (size_t)(slash - path) + 1) : NULL;

    *known = (before || !slash) && stat(before ? before : ".", folder) == 0;
    free(before);
    return slash ? slash + 1 : path;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool mtp_cli_same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    bool has_a = stat(a, &of_a) == 0, has_b = stat(b, &of_b) == 0, known_a, known_b;
    const char *name_a, *name_b;

    if (has_a || has_b) {
        return has_a && has_b && S_ISREG(of_a.st_mode) && same_inode(&of_a, &of_b);
    }
    name_a = last_part(a, &of_a, &known_a);
    name_b = last_part(b, &of_b, &known_b);
    return known_a && known_b && same_inode(&of_a, &of_b) &&
           strcmp(name_a, name_b) == 0;
}

mtp_exit mtp_cli_write(const char *path, const char *text, size_t length)
{
    int error;

    if (!path || strcmp(path, "-") == 0) {
        return write_stdout(text, length);
    }
    error = write_file(path, (content){text, length, NULL});
    return error == 0 ? MTP_EXIT_OK : output_failed(path, error);
}

mtp_exit mtp_cli_write_into(const char *folder, const char *name, const char *text,
                            size_t length)
{
    mtp_strbuf path;
    int error;

    mtp_strbuf_init(&path);
    mtp_strbuf_printf(&path, "%s/%s", folder, name);
    error =
        path.failed ? ENOMEM : create_file(path.text, (content){text, length, NULL});
    if (error != 0) {
        (void)output_failed(path.failed ? folder : path.text, error);
    }
    mtp_strbuf_free(&path);
    return error == 0 ? MTP_EXIT_OK : MTP_EXIT_SYSTEM;
}

mtp_exit mtp_cli_write_stream(const char *path, FILE *file)
{
    int error;

    errno = 0;
    error = fflush(file) == 0 && fseek(file, 0, SEEK_SET) == 0
                ? write_file(path, (content){.file = file})
                : errno;
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
