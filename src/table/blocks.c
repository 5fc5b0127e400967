/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/blocks.h"

#include "core/error.h"

#include <errno.h>
#include <string.h>

/* A file that cannot be read, said plainly. Errors of the device are MTP_E_IO. */
static mtp_status fail_errno(mtp_error *err, const char *source, int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
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

mtp_status mtp_blocks_open(mtp_blocks *blocks, const char *path, mtp_error *err)
{
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
    SHA256Init(&blocks->hash);
    return MTP_OK;
}

void mtp_blocks_from_memory(mtp_blocks *blocks, const char *source, const char *bytes,
                            size_t length)
{
    blocks->source = source;
    blocks->file = NULL;
    blocks->bytes = length ? bytes : "";
    blocks->left = length;
    SHA256Init(&blocks->hash);
}

mtp_status mtp_blocks_next(mtp_blocks *blocks, const char **block, size_t *length,
                           mtp_error *err)
{
    if (blocks->file) {
        errno = 0;
        *block = blocks->buffer;
        *length = fread(blocks->buffer, 1, sizeof blocks->buffer, blocks->file);
        if (ferror(blocks->file)) {
            return fail_errno(err, blocks->source, errno);
        }
    } else {
        *block = blocks->bytes;
        *length = blocks->left < MTP_BLOCK ? blocks->left : MTP_BLOCK;
        blocks->left -= *length;
        blocks->bytes += *length;
    }
    SHA256Update(&blocks->hash, (const uint8_t *)*block, *length);
    return MTP_OK;
}

void mtp_blocks_sha256(mtp_blocks *blocks, char text[SHA256_DIGEST_STRING_LENGTH])
{
    (void)SHA256End(&blocks->hash, text);
}

void mtp_blocks_close(mtp_blocks *blocks)
{
    if (blocks->file && blocks->file != stdin) {
        (void)fclose(blocks->file);
    }
    blocks->file = NULL;
}
