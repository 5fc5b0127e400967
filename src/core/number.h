/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_NUMBER_H
#define MTP_CORE_NUMBER_H

#include <stddef.h>

/**
 * Numbers as text, independent of the locale.
 */

enum { MTP_NUMBER_TEXT = 32 }; /* room for any formatted double */

typedef enum mtp_number_status {
    MTP_NUMBER_OK,
    MTP_NUMBER_EMPTY,     /* no text but blanks */
    MTP_NUMBER_MALFORMED, /* not a decimal number from end to end */
    MTP_NUMBER_OVERFLOW,  /* beyond the largest double */
} mtp_number_status;

/**
 * Read a decimal number: optional sign, digits, optional point and digits, optional
 * exponent; blanks around it (see mtp_number_blank) are ignored, and U+2212 is a minus
 * sign. Correctly rounded. No hexadecimal, no inf or nan, no grouping. An underflow
 * gives the nearest double (which may be 0), an overflow an infinite one. Allocates
 * nothing.
 */
mtp_number_status mtp_number_parse(const char *text, size_t length, double *value);

/**
 * The blank that a text begins with: space, tab, no-break space (U+00A0), thin space
 * (U+2009) or narrow no-break space (U+202F).
 *
 * @param bytes  out: its length, where there is one
 * @return its name for a message, or NULL
 */
const char *mtp_number_blank(const char *text, size_t length, size_t *bytes);

/** A text without blanks around it: where it starts; `length` is made shorter. */
const char *mtp_number_trim(const char *text, size_t *length);

/**
 * The text with the fewest digits that reads back to the same double, the nearest of
 * several; written as "%.15g" does, or with more digits where needed. "nan", "inf",
 * "-inf".
 */
void mtp_number_format(double value, char text[MTP_NUMBER_TEXT]);

/** Fixed decimals, correctly rounded, '.' in every locale: "%.*f". -0.00 prints as
 * 0.00. */
void mtp_number_fixed(double value, int decimals, char *text, size_t size);

/** Significant digits: "%.*g" in every locale. */
void mtp_number_significant(double value, int digits, char *text, size_t size);

/**
 * As people read a figure, in tables and in pictures: fixed decimals. From ten million
 * on, where they would be noise and burst a column, significant digits: as many as
 * decimals were asked for, but six at least. Below `smallest`, where they would hide
 * it, three.
 */
void mtp_number_readable(double value, int decimals, double smallest, char *text,
                         size_t size);

/** The same as a value, for the arguments of a message: mtp_number_brief(x, 6).text. */
typedef struct mtp_brief {
    char text[MTP_NUMBER_TEXT];
} mtp_brief;
mtp_brief mtp_number_brief(double value, int digits);

#endif
