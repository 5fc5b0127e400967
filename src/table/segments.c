/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/segments.h"

#include "core/error.h"

#include <string.h>

/* Enough for who reads a longer field, or record, to see that it is. */
enum {
    LEAST = 32,
    LONG = MTP_FIELD_LIMIT + 4 * MTP_BLOCK,
    LARGEST = MTP_ROW_LIMIT + 4 * MTP_BLOCK,
};

/* Segments lie side by side in slabs, which are larger the more of them there are. */
typedef struct mtp_slab {
    size_t size, used;
    size_t segments; /* that are needed */
    char bytes[];
} mtp_slab;

enum { LARGEST_SLAB = 16 * 1024 * 1024 };

static mtp_slab *new_slab(mtp_segments *s, size_t least)
{
    size_t size = s->slab ? 4 * s->slab->size : least;
    mtp_slab *slab;

    size = size < LARGEST_SLAB ? size : LARGEST_SLAB;
    size = size > least ? size : least;
    slab = mtp_arena_resize(s->arena, NULL, sizeof *slab + size, 1);
    if (slab) {
        *slab = (mtp_slab){.size = size};
    }
    return slab;
}

static void leave_slab(mtp_segments *s, mtp_slab *slab)
{
    slab->segments--;
    if (slab->segments == 0 && slab != s->slab) {
        mtp_arena_drop(s->arena, slab);
    }
}

/* Room for a segment of `size` bytes which begins with those at `from`. */
static bool begin_segment(mtp_segments *s, const char *from, size_t length, size_t size)
{
    size_t room = size + MTP_SEGMENT_SPARE;
    mtp_slab *slab = s->slab;

    if (!slab || slab->size - slab->used < room) {
        slab = new_slab(s, room);
    }
    if (!slab) {
        return false;
    }
    s->slab = slab;
    s->bytes = slab->bytes + slab->used;
    s->length = length;
    s->size = size;
    slab->segments++;
    if (length > 0) {
        memmove(s->bytes, from, length); /* it may only grow */
    }
    return true;
}

/* A longer segment: the slab it lies in has nothing behind it. */
static bool lengthen(mtp_segments *s, size_t size)
{
    mtp_slab *old = s->slab;

    if (!begin_segment(s, s->bytes, s->length, size)) {
        return false;
    }
    leave_slab(s, old);
    return true;
}

bool mtp_segments_begin(mtp_segments *segments, mtp_blocks *blocks,
                        const char *delimiter, mtp_arena *arena, size_t size)
{
    *segments = (mtp_segments){
        .blocks = blocks, .delimiter = delimiter, .arena = arena, .line = 1};
    return begin_segment(segments, NULL, 0, size < LEAST ? LEAST : size);
}

/* The end of the last whole record, 0 if there is none. A CR at the very end may be
 * half a line end. */
static size_t last_record_end(const char *bytes, size_t length, size_t quotes)
{
    bool quoted = quotes % 2 == 1;

    for (size_t at = length; at > 0; at--) {
        char c = bytes[at - 1];

        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted &&
                   (c == '\n' || (c == '\r' && at < length && bytes[at] != '\n'))) {
            return at;
        }
    }
    return 0;
}

/* The longest field of a record, its quotes not counted. */
static size_t longest_field(const char *bytes, size_t length, char delimiter)
{
    const char one[] = {delimiter, '\0'}, *delimiters = delimiter ? one : ",;\t";
    size_t longest = 0, field = 0;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && bytes[i] != '\0' && strchr(delimiters, bytes[i])) {
            field = 0;
        } else {
            field++;
            longest = field > longest ? field : longest;
        }
    }
    return longest;
}

/* The record that has not ended is larger than it may be. */
static bool is_too_long(const mtp_segments *s)
{
    return s->length >= LARGEST ||
           (s->length >= LONG && longest_field(s->bytes, s->length, *s->delimiter) >
                                     MTP_FIELD_LIMIT + 2 * MTP_BLOCK);
}

static size_t next_size(size_t size)
{
    if (size < LONG) {
        return 2 * size < LONG ? 2 * size : LONG;
    }
    return 2 * size < LARGEST ? 2 * size : LARGEST;
}

/* Read until there is a whole record, and where the last one ends. */
static mtp_status read_records(mtp_segments *s, mtp_segment *segment, mtp_error *err)
{
    for (;;) {
        size_t n, wanted = s->size - s->length;
        mtp_status status =
            mtp_blocks_read(s->blocks, s->bytes + s->length, wanted, &n, err);

        if (status != MTP_OK) {
            return status;
        }
        s->length += n;
        segment->survey = mtp_scan_survey(s->bytes, s->length);
        segment->length = last_record_end(s->bytes, s->length, segment->survey.quotes);
        segment->is_last = n < wanted || (segment->length == 0 && is_too_long(s));
        if (segment->is_last) {
            segment->length = s->length;
        }
        if (segment->is_last || segment->length > 0) {
            return MTP_OK;
        }
        if (!lengthen(s, next_size(s->size))) {
            return mtp_fail_nomem(err);
        }
    }
}

mtp_status mtp_segments_next(mtp_segments *segments, size_t size, mtp_segment *segment,
                             mtp_error *err)
{
    mtp_segments *s = segments;
    mtp_status status = read_records(s, segment, err);
    size_t rest;

    if (status != MTP_OK) {
        return status;
    }
    rest = s->length - segment->length;
    memset(s->bytes + s->length, 0, MTP_SEGMENT_SPARE);
    segment->survey.line_ends -=
        mtp_scan_survey(s->bytes + segment->length, rest).line_ends;
    segment->line = s->line;
    segment->bytes = s->bytes;
    segment->slab = s->slab;
    s->line += segment->survey.line_ends;
    s->slab->used += s->length + MTP_SEGMENT_SPARE;
    if (!segment->is_last &&
        !begin_segment(s, s->bytes + segment->length, rest, rest + size)) {
        return mtp_fail_nomem(err);
    }
    return MTP_OK;
}

void mtp_segments_drop(mtp_segments *segments, const mtp_segment *segment)
{
    leave_slab(segments, segment->slab);
}
