/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* fileno, fstat */
#include "table/blocks.h"

#include "core/arena.h"
#include "core/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A file that cannot be read, said plainly. Errors of the device are MTP_E_IO. */
static mtp_status fail_errno(mtp_error *err, const char *source, int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP: /* links that lead to no file */
        return mtp_fail_at(err, MTP_E_DATA, source, 0, NULL, "there is no such file");
    case EISDIR:
        return mtp_fail_at(err, MTP_E_DATA, source, 0, NULL,
                           "this is a directory, not a table");
    case EACCES:
    case EPERM:
        return mtp_fail_at(err, MTP_E_DATA, source, 0, NULL,
                           "the file may not be read (permission denied)");
    case ENOMEM:
        return mtp_fail_nomem(err);
    default:
        return mtp_fail_at(err, MTP_E_IO, source, 0, NULL, "reading failed: %s",
                           strerror(number));
    }
}

/* Of a file; what can be read of anything else is not known. */
static size_t size_of(FILE *file)
{
    struct stat info;

    return fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0
               ? (size_t)info.st_size
               : 0;
}

mtp_status mtp_blocks_open(mtp_blocks *blocks, const char *path, mtp_error *err)
{
    *blocks = (mtp_blocks){0};
    if (strcmp(path, "-") == 0) {
        blocks->source = "<stdin>";
        blocks->file = stdin;
    } else {
        blocks->source = path;
        blocks->file = fopen(path, "rb");
        if (!blocks->file) {
            return fail_errno(err, path, errno);
        }
    }
    blocks->size = size_of(blocks->file);
    mtp_digest_init(&blocks->digest);
    return MTP_OK;
}

void mtp_blocks_from_memory(mtp_blocks *blocks, const char *source, const char *bytes,
                            size_t length)
{
    *blocks = (mtp_blocks){
        .source = source, .bytes = length ? bytes : "", .left = length, .size = length};
    mtp_digest_init(&blocks->digest);
}

/* What comes next as it stands in the input: a block, or what there is room for. */
static mtp_status read_raw(mtp_blocks *blocks, char *buffer, size_t size,
                           size_t *length, mtp_error *err)
{
    size_t wanted = size < MTP_BLOCK ? size : MTP_BLOCK;

    if (blocks->file) {
        errno = 0;
        *length = fread(buffer, 1, wanted, blocks->file);
        if (ferror(blocks->file)) {
            return fail_errno(err, blocks->source, errno);
        }
    } else {
        *length = blocks->left < wanted ? blocks->left : wanted;
        memcpy(buffer, blocks->bytes, *length);
        blocks->left -= *length;
        blocks->bytes += *length;
    }
    mtp_digest_add(&blocks->digest, buffer, *length);
    return MTP_OK;
}

static mtp_status read_plain(mtp_blocks *blocks, char *buffer, size_t size,
                             size_t *length, mtp_error *err)
{
    size_t n = 1;

    while (*length < size && n > 0) {
        mtp_status status = read_raw(blocks, buffer + *length, size - *length, &n, err);

        if (status != MTP_OK) {
            return status;
        }
        *length += n;
    }
    return MTP_OK;
}

static mtp_status read_packed(mtp_blocks *blocks, char *buffer, size_t size,
                              size_t *length, mtp_error *err)
{
    mtp_status status = MTP_OK;

    while (status == MTP_OK && *length < size) {
        if (mtp_gunzip_is_hungry(&blocks->gunzip)) {
            size_t n;

            status = read_raw(blocks, blocks->raw, MTP_BLOCK, &n, err);
            if (status != MTP_OK || n == 0) {
                return status == MTP_OK ? mtp_gunzip_end(&blocks->gunzip, err) : status;
            }
            mtp_gunzip_feed(&blocks->gunzip, blocks->raw, n);
        }
        status = mtp_gunzip_run(&blocks->gunzip, buffer, size, length, err);
    }
    return status;
}

/* The first bytes were those of a gzip file: they are what is fed first. */
static mtp_status begin_packed(mtp_blocks *blocks, const char *bytes, size_t length,
                               mtp_error *err)
{
    mtp_status status;

    blocks->raw = mtp_heap_resize(NULL, MTP_BLOCK);
    if (!blocks->raw) {
        return mtp_fail_nomem(err);
    }
    status = mtp_gunzip_open(&blocks->gunzip, blocks->source, err);
    if (status == MTP_OK) {
        blocks->packed = true;
        memcpy(blocks->raw, bytes, length);
        mtp_gunzip_feed(&blocks->gunzip, blocks->raw, length);
    }
    return status;
}

mtp_status mtp_blocks_read(mtp_blocks *blocks, char *buffer, size_t size,
                           size_t *length, mtp_error *err)
{
    mtp_status status = MTP_OK;

    *length = 0;
    if (!blocks->begun) {
        blocks->begun = true;
        status = read_raw(blocks, buffer, size, length, err);
        if (status == MTP_OK && mtp_is_gzip(buffer, *length)) {
            status = begin_packed(blocks, buffer, *length, err);
            *length = 0;
        }
    }
    if (status != MTP_OK) {
        return status;
    }
    return blocks->packed ? read_packed(blocks, buffer, size, length, err)
                          : read_plain(blocks, buffer, size, length, err);
}

void mtp_blocks_close(mtp_blocks *blocks)
{
    if (blocks->file && blocks->file != stdin) {
        (void)fclose(blocks->file);
    }
    if (blocks->packed) {
        mtp_gunzip_close(&blocks->gunzip);
    }
    free(blocks->raw);
    *blocks = (mtp_blocks){0};
}
