/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_SCAN_H
#define MTP_TABLE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The bytes of a text file before they are split into fields: lines are counted, NUL
 * and what is not UTF-8 is found. State is kept over the ends of blocks.
 */
typedef struct mtp_scanner {
    size_t line;             /* 1-based line of the next byte */
    bool after_cr;           /* the last byte was a carriage return that ended a line */
    unsigned pending;        /* bytes that the code point begun still needs */
    unsigned char low, high; /* limits of the next of them */
    unsigned char lead;      /* its first byte */
} mtp_scanner;

typedef enum mtp_scan_status {
    MTP_SCAN_OK,
    MTP_SCAN_NUL,
    MTP_SCAN_NOT_UTF8,
} mtp_scan_status;

/** A piece of a block: at most one line with its line end (LF, CR or CRLF). */
typedef struct mtp_piece {
    size_t length;
    bool ends_line; /* count a line once the piece is used */
    bool blank;     /* nothing but a line end */
} mtp_piece;

void mtp_scanner_init(mtp_scanner *scanner);

/**
 * Find the next piece of a block.
 * @param bytes   [length], length > 0
 * @param piece   out
 * @return MTP_SCAN_OK, or what is wrong at bytes[piece->length]; where that cuts a code
 *         point short, scanner->pending is not 0 and scanner->lead is the culprit
 */
mtp_scan_status mtp_scan_piece(mtp_scanner *scanner, const char *bytes, size_t length,
                               mtp_piece *piece);

/** True when the text ends inside a code point. */
bool mtp_scan_is_cut(const mtp_scanner *scanner);

/** What there is in bytes. */
typedef struct mtp_survey {
    size_t quotes;    /* double quotes */
    size_t line_ends; /* LF, CR or CRLF */
    bool ascii;       /* no byte above 0x7F */
    bool has_nul;
} mtp_survey;

mtp_survey mtp_scan_survey(const char *bytes, size_t length);

/** True when a text is UTF-8 (RFC 3629) without NUL. */
bool mtp_is_utf8(const char *text, size_t length);

/**
 * The delimiter of a table by its header line: comma, semicolon or tab, whichever
 * stands there most often outside quotes; in doubt the first of these three. Where the
 * decimal mark is a comma, the order is semicolon, tab, comma.
 */
char mtp_scan_delimiter(const char *bytes, size_t length, char decimal);

#endif
