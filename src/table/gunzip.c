/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/gunzip.h"

#include "core/error.h"

#include <string.h>

/* A table of studies shrinks to a third or a tenth; deflate's utmost is 1 in 1032. What
 * is beyond both figures was made to fill the memory. */
enum { ALWAYS_ALLOWED = 64 * 1024 * 1024, LARGEST_RATIO = 200 };

enum { GZIP_ONLY = 16 }; /* added to the window's bits: a gzip header, no other */

bool mtp_is_gzip(const char *bytes, size_t length)
{
    return length >= 2 && memcmp(bytes, "\x1F\x8B", 2) == 0;
}

mtp_status mtp_gunzip_open(mtp_gunzip *gunzip, const char *name, mtp_error *err)
{
    *gunzip = (mtp_gunzip){.between = true, .name = name};
    if (inflateInit2(&gunzip->stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
        return mtp_fail_nomem(err);
    }
    return MTP_OK;
}

void mtp_gunzip_close(mtp_gunzip *gunzip)
{
    (void)inflateEnd(&gunzip->stream);
}

bool mtp_gunzip_is_hungry(const mtp_gunzip *gunzip)
{
    return gunzip->stream.avail_in == 0 && !gunzip->pending;
}

void mtp_gunzip_feed(mtp_gunzip *gunzip, const char *bytes, size_t length)
{
    gunzip->stream.next_in = (z_const Bytef *)bytes;
    gunzip->stream.avail_in = (uInt)length; /* a block */
    gunzip->in += length;
}

mtp_status mtp_gunzip_end(const mtp_gunzip *gunzip, mtp_error *err)
{
    if (gunzip->between) {
        return MTP_OK;
    }
    return mtp_fail_at(err, MTP_E_SYNTAX, gunzip->name, 0, NULL,
                       "the gzip file is cut short: its end is missing");
}

static mtp_status fail_corrupt(const mtp_gunzip *gunzip, mtp_error *err)
{
    const char *detail = gunzip->stream.msg;

    return mtp_fail_at(err, MTP_E_SYNTAX, gunzip->name, 0, NULL,
                       "the gzip file is damaged%s%s%s", detail ? " (" : "",
                       detail ? detail : "", detail ? ")" : "");
}

static mtp_status check_ratio(const mtp_gunzip *gunzip, mtp_error *err)
{
    if (gunzip->out <= ALWAYS_ALLOWED || gunzip->out / LARGEST_RATIO < gunzip->in) {
        return MTP_OK;
    }
    return mtp_fail_at(err, MTP_E_DATA, gunzip->name, 0, NULL,
                       "the gzip file unpacks to more than %d times its size; if that "
                       "is meant, unpack it first",
                       LARGEST_RATIO);
}

/* One step of inflate, from the fed block into the room that is left. */
static mtp_status step(mtp_gunzip *gunzip, mtp_error *err)
{
    z_stream *stream = &gunzip->stream;

    if (gunzip->between && inflateReset(stream) != Z_OK) {
        return fail_corrupt(gunzip, err);
    }
    gunzip->between = false;
    switch (inflate(stream, Z_NO_FLUSH)) {
    case Z_OK:
    case Z_BUF_ERROR: /* no progress: more is to be fed */
        return MTP_OK;
    case Z_STREAM_END:
        gunzip->between = true;
        return MTP_OK;
    case Z_MEM_ERROR:
        return mtp_fail_nomem(err);
    default:
        return fail_corrupt(gunzip, err);
    }
}

mtp_status mtp_gunzip_run(mtp_gunzip *gunzip, char *buffer, size_t size, size_t *length,
                          mtp_error *err)
{
    z_stream *stream = &gunzip->stream;
    mtp_status status = MTP_OK;

    while (status == MTP_OK && !mtp_gunzip_is_hungry(gunzip) && *length < size) {
        size_t room = size - *length;

        stream->next_out = (Bytef *)buffer + *length;
        stream->avail_out = (uInt)room;
        status = step(gunzip, err);
        *length += room - stream->avail_out;
        gunzip->out += room - stream->avail_out;
        gunzip->pending = stream->avail_out == 0 && !gunzip->between;
    }
    return status == MTP_OK ? check_ratio(gunzip, err) : status;
}
