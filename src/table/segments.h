/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_SEGMENTS_H
#define MTP_TABLE_SEGMENTS_H

#include "core/arena.h"
#include "table/blocks.h"
#include "table/scan.h"

/**
 * A file in segments of whole records, which can be split into fields independently of
 * one another.
 *
 * A record ends at a line end outside quotes. In the strict CSV that is read, a quote
 * opens a field, closes it, or stands twice within one: a byte is outside quotes when
 * an even number of quotes stands before it. Where a file breaks these rules, reading
 * ends at the break, so that it does not matter where what follows is cut.
 */
typedef struct mtp_segment {
    char *bytes; /* [length], and MTP_SEGMENT_SPARE more */
    size_t length;
    struct mtp_slab *slab; /* what holds them */
    size_t line;           /* 1-based line of the first byte */
    mtp_survey survey;     /* of a little more than these bytes, but for `line_ends` */
    bool is_last;
} mtp_segment;

enum {
    MTP_SEGMENT_SPARE = 16,
    MTP_FIELD_LIMIT = 16 * 1024 * 1024,
    MTP_ROW_LIMIT = 64 * 1024 * 1024,
};

typedef struct mtp_segments {
    mtp_blocks *blocks;
    const char *delimiter; /* '\0' as long as it is not known */
    mtp_arena *arena;      /* of the table, whose texts stay where they are read */
    struct mtp_slab *slab;
    char *bytes; /* the segment in the making, in that slab */
    size_t length, size;
    size_t line; /* of its first byte */
} mtp_segments;

/**
 * Cut what comes from `blocks`.
 * @param delimiter  of the fields, '\0' as long as it is not known
 * @param size       bytes to read into for the first segment (> 0)
 * @return false without memory
 */
bool mtp_segments_begin(mtp_segments *segments, mtp_blocks *blocks,
                        const char *delimiter, mtp_arena *arena, size_t size);

/**
 * The next segment; not after the last one. The last one need not end with a record
 * when the file does not, or when the record is larger than the limits allow: that is
 * seen as soon as they are passed.
 * @param size  bytes to read into for the segment after this one (> 0)
 */
mtp_status mtp_segments_next(mtp_segments *segments, size_t size, mtp_segment *segment,
                             mtp_error *err);

/** No text of this segment is needed any more. */
void mtp_segments_drop(mtp_segments *segments, const mtp_segment *segment);

#endif
