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

/* The next block as it stands in the input. */
static mtp_status next_raw(mtp_blocks *blocks, const char **block, size_t *length,
                           mtp_error *err)
{
    if (blocks->file) {
        errno = 0;
        *block = blocks->raw;
        *length = fread(blocks->raw, 1, sizeof blocks->raw, blocks->file);
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

static mtp_status next_unpacked(mtp_blocks *blocks, const char **block, size_t *length,
                                mtp_error *err)
{
    mtp_status status = MTP_OK;

    *block = blocks->unpacked;
    *length = 0;
    while (status == MTP_OK && *length < sizeof blocks->unpacked) {
        if (mtp_gunzip_is_hungry(&blocks->gunzip)) {
            const char *raw;
            size_t n;

            status = next_raw(blocks, &raw, &n, err);
            if (status != MTP_OK || n == 0) {
                return status == MTP_OK ? mtp_gunzip_end(&blocks->gunzip, err) : status;
            }
            mtp_gunzip_feed(&blocks->gunzip, raw, n);
        }
        status = mtp_gunzip_run(&blocks->gunzip, blocks->unpacked,
                                sizeof blocks->unpacked, length, err);
    }
    return status;
}

mtp_status mtp_blocks_next(mtp_blocks *blocks, const char **block, size_t *length,
                           mtp_error *err)
{
    bool first = !blocks->begun;
    mtp_status status;

    if (blocks->packed) {
        return next_unpacked(blocks, block, length, err);
    }
    blocks->begun = true;
    status = next_raw(blocks, block, length, err);
    if (status != MTP_OK || !first || !mtp_is_gzip(*block, *length)) {
        return status;
    }
    status = mtp_gunzip_open(&blocks->gunzip, blocks->source, err);
    if (status != MTP_OK) {
        return status;
    }
    blocks->packed = true;
    mtp_gunzip_feed(&blocks->gunzip, *block, *length);
    return next_unpacked(blocks, block, length, err);
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
    if (blocks->packed) {
        mtp_gunzip_close(&blocks->gunzip);
        blocks->packed = false;
    }
    blocks->file = NULL;
}
