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
 * exponent; blanks around it are ignored. Correctly rounded. No hexadecimal, no inf or
 * nan, no grouping. An underflow gives the nearest double (which may be 0).
 */
mtp_number_status mtp_number_parse(const char *text, size_t length, double *value);

/** The shortest text that reads back to the same double; "nan", "inf", "-inf". */
void mtp_number_format(double value, char text[MTP_NUMBER_TEXT]);

/** Fixed decimals, correctly rounded, '.' in every locale: "%.*f". -0.00 prints as
 * 0.00. */
void mtp_number_fixed(double value, int decimals, char *text, size_t size);

/** Significant digits: "%.*g" in every locale. */
void mtp_number_significant(double value, int digits, char *text, size_t size);

#endif
