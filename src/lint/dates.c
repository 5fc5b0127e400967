/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lint/dates.h"

#include "core/ascii.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static size_t skip_digits(const char **at)
{
    size_t n = strspn(*at, "0123456789");

    *at += n;
    return n;
}

/* The blanks around it are no part of a cell. */
static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* A month as spreadsheets abbreviate it, in English, German, French or Spanish. */
static bool skip_month(const char **at)
{
    static const char *const months[] = {
        "january", "february",  "march",   "april",    "may",      "june", "july",
        "august",  "september", "october", "november", "december", "sept", "jan",
        "feb",     "mar",       "apr",     "jun",      "jul",      "aug",  "sep",
        "oct",     "nov",       "dec",     "okt",      "dez",      "mai",  "ene",
        "abr",     "ago",       "dic"};

    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        size_t n = strlen(months[i]), same = 0;

        while (same < n && mtp_ascii_lower((*at)[same]) == months[i][same]) {
            same++;
        }
        if (same == n) {
            *at += n;
            return true;
        }
    }
    return false;
}

static bool skip_mark(const char **at, const char *marks)
{
    const char *from = *at;

    *at += strspn(*at, marks);
    return *at > from;
}

static bool ends(const char *at)
{
    return *skip_blanks(at) == '\0';
}

bool mtp_lint_is_month_date(const char *cell)
{
    const char *at = skip_blanks(cell);
    size_t first = skip_digits(&at);

    if (first > 2 || (first > 0 && !skip_mark(&at, "-. "))) {
        return false;
    }
    if (!skip_month(&at)) {
        return false;
    }
    if (first > 0 && ends(at)) {
        return true;
    }
    if (!skip_mark(&at, "-")) { /* "May 5" is a label more often than a date */
        return false;
    }
    first = skip_digits(&at);
    return (first == 2 || first == 4) && ends(at);
}

bool mtp_lint_is_date(const char *cell)
{
    const char *at = skip_blanks(cell);
    size_t first, second, third;
    char mark;

    if (mtp_lint_is_month_date(cell)) {
        return true;
    }
    first = skip_digits(&at);
    mark = *at;
    if (first == 0 || !mark || !strchr("-/.", mark)) {
        return false;
    }
    at++;
    second = skip_digits(&at);
    if (second == 0 || second > 2 || *at != mark) {
        return false;
    }
    at++;
    third = skip_digits(&at);
    if (*at == ' ' || *at == 'T') { /* a time */
        at += 1 + strspn(at + 1, "0123456789:");
    }
    return ((first == 4 && third >= 1 && third <= 2) ||
            (first <= 2 && (third == 2 || third == 4))) &&
           ends(at);
}

bool mtp_lint_is_range(const char *cell)
{
    const char *at = skip_blanks(cell);
    size_t n = skip_digits(&at);

    at = skip_blanks(at);
    if (n == 0 || n > 2) {
        return false;
    }
    if (strncmp(at, "\xE2\x80\x93", 3) == 0) { /* en dash */
        at += 3;
    } else if (!skip_mark(&at, "-/")) {
        return false;
    }
    at = skip_blanks(at);
    n = skip_digits(&at);
    return n >= 1 && n <= 2 && ends(at);
}

bool mtp_lint_is_serial(double x)
{
    return x >= 30000.0 && x < 60000.0 && x == floor(x);
}
