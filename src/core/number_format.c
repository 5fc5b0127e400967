/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "core/shortest.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LARGEST_FIXED 1e7
enum { LARGE_DIGITS = 6, SMALL_DIGITS = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* printf writes the locale's decimal mark; ours is always a point. */
static void force_point(char *text)
{
    char *from = text;

    while (*from && (is_digit(*from) || *from == '-' || *from == '+')) {
        from++;
    }
    if (*from && *from != 'e' && *from != '.' && *from != 'i' && *from != 'n') {
        char *rest = from;

        while (*rest && !is_digit(*rest)) {
            rest++;
        }
        *from = '.';
        memmove(from + 1, rest, strlen(rest) + 1);
    }
}

void mtp_number_significant(double value, int digits, char *text, size_t size)
{
    (void)snprintf(text, size, "%.*g", digits, value);
    force_point(text);
}

mtp_brief mtp_number_brief(double value, int digits)
{
    mtp_brief brief;

    mtp_number_significant(value, digits, brief.text, sizeof brief.text);
    return brief;
}

void mtp_number_fixed(double value, int decimals, char *text, size_t size)
{
    (void)snprintf(text, size, "%.*f", decimals, value);
    force_point(text);
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1)) {
        memmove(text, text + 1, strlen(text)); /* -0.00 */
    }
}

void mtp_number_readable(double value, int decimals, double smallest, char *text,
                         size_t size)
{
    if (fabs(value) >= LARGEST_FIXED) {
        mtp_number_significant(value, decimals > LARGE_DIGITS ? decimals : LARGE_DIGITS,
                               text, size);
    } else if (value != 0.0 && fabs(value) < smallest) {
        mtp_number_significant(value, SMALL_DIGITS, text, size);
    } else {
        mtp_number_fixed(value, decimals, text, size);
    }
}

enum { MAX_DIGITS = 20 }; /* of any uint64_t; the shortest decimals have 17 */

/* The digits of a number, without an end; returns how many. */
static int write_digits(uint64_t x, char to[MAX_DIGITS])
{
    char reversed[MAX_DIGITS];
    int n = 0;

    do {
        reversed[n++] = (char)('0' + x % 10);
        x /= 10;
    } while (x > 0);
    for (int i = 0; i < n; i++) {
        to[i] = reversed[n - 1 - i];
    }
    return n;
}

static char *put(char *to, const char *text, int n)
{
    memcpy(to, text, (size_t)n);
    return to + n;
}

static char *put_zeros(char *to, int n)
{
    memset(to, '0', (size_t)n);
    return to + n;
}

/* d.ddde-05: at least two digits in the exponent, as printf writes it. */
static char *put_scientific(char *to, const char *digits, int n, int exponent)
{
    char power[MAX_DIGITS];
    int length = write_digits((uint64_t)(exponent < 0 ? -exponent : exponent), power);

    *to++ = digits[0];
    if (n > 1) {
        *to++ = '.';
        to = put(to, digits + 1, n - 1);
    }
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    to = put_zeros(to, length < 2 ? 1 : 0);
    return put(to, power, length);
}

/* The digits with their point, the first of them worth 10^exponent. */
static char *put_plain(char *to, const char *digits, int n, int exponent)
{
    if (exponent < 0) {
        to = put(to, "0.", 2);
        to = put_zeros(to, -exponent - 1);
        return put(to, digits, n);
    }
    if (n <= exponent + 1) {
        to = put(to, digits, n);
        return put_zeros(to, exponent + 1 - n);
    }
    to = put(to, digits, exponent + 1);
    *to++ = '.';
    return put(to, digits + exponent + 1, n - exponent - 1);
}

void mtp_number_format(double value, char text[MTP_NUMBER_TEXT])
{
    char digits[MAX_DIGITS], *to = text;
    mtp_decimal d;
    int n, exponent;

    if (isnan(value)) {
        (void)memcpy(text, "nan", 4);
        return;
    }
    if (signbit(value)) {
        *to++ = '-';
    }
    if (isinf(value) || value == 0.0) {
        (void)memcpy(to, value == 0.0 ? "0" : "inf", value == 0.0 ? 2 : 4);
        return;
    }
    d = mtp_shortest_decimal(fabs(value));
    n = write_digits(d.digits, digits);
    exponent = d.exponent + n - 1;
    /* %g's rule, with a precision of 15, or as many digits as there are. */
    to = exponent < -4 || exponent >= (n > 15 ? n : 15)
             ? put_scientific(to, digits, n, exponent)
             : put_plain(to, digits, n, exponent);
    *to = '\0';
}
