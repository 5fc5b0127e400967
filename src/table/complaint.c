/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/complaint.h"

#include "core/number.h"
#include "core/utf8.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/token.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Room for the part of a cell that is looked at; longer cells get the plain message. */
enum { ROOM = 64 };

/* A cell without blanks around it. */
typedef struct trimmed {
    char text[ROOM];
    size_t length;
} trimmed;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool trim(const char *cell, trimmed *to)
{
    size_t length = strlen(cell);

    cell = mtp_number_trim(cell, &length);
    if (length >= ROOM) {
        return false;
    }
    memcpy(to->text, cell, length);
    to->text[length] = '\0';
    to->length = length;
    return true;
}

static bool is_number(const char *text, size_t length)
{
    double value;

    return mtp_number_parse(text, length, &value) == MTP_NUMBER_OK;
}

/* Length of the longest prefix that is a number, 0 if there is none. */
static size_t number_prefix(const trimmed *cell)
{
    for (size_t n = cell->length; n > 0; n--) {
        if (cell->text[n - 1] != ' ' && is_number(cell->text, n)) {
            return n;
        }
    }
    return 0;
}

static size_t prefix_in(const char *text, const char *const marks[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0) {
            return strlen(marks[i]);
        }
    }
    return 0;
}

/* "<0.05", also with the signs at most and at least. */
static bool is_bound(const trimmed *cell)
{
    static const char *const marks[] = {"<", ">", "\xE2\x89\xA4", "\xE2\x89\xA5"};

    return prefix_in(cell->text, marks, sizeof marks / sizeof marks[0]) > 0;
}

/*
 * Digits in groups of three after the first: "1,234", "1 234,567". On success `plain`
 * is the number without its separators.
 */
static bool is_grouped(const trimmed *cell, char plain[ROOM], bool *comma)
{
    static const char *const separators[] = {
        ",",
        " ",
        "'",
        "_",
        "\xE2\x80\x99" /* apostrophe */,
        "\xC2\xA0" /* no-break space */,
        "\xE2\x80\x89" /* thin space */,
        "\xE2\x80\xAF" /* narrow no-break space */};
    size_t at = 0, n = 0, digits = 0, groups = 0;

    if (cell->text[0] == '-' || cell->text[0] == '+') {
        plain[n++] = cell->text[at++];
    }
    *comma = false;
    while (at < cell->length && cell->text[at] != '.') {
        size_t skip = prefix_in(cell->text + at, separators,
                                sizeof separators / sizeof separators[0]);

        if (is_digit(cell->text[at])) {
            plain[n++] = cell->text[at++];
            digits++;
        } else if (skip > 0 &&
                   (groups == 0 ? digits >= 1 && digits <= 3 : digits == 3)) {
            *comma = *comma || cell->text[at] == ',';
            at += skip;
            digits = 0;
            groups++;
        } else {
            return false;
        }
    }
    memcpy(plain + n, cell->text + at, cell->length + 1 - at); /* n <= at */
    return groups > 0 && digits == 3 && is_number(plain, strlen(plain));
}

/* "0,5": a decimal comma. On success `plain` has a point there. */
static bool has_decimal_comma(const trimmed *cell, char plain[ROOM])
{
    char *comma;

    memcpy(plain, cell->text, cell->length + 1);
    comma = strchr(plain, ',');
    if (!comma) {
        return false;
    }
    *comma = '.';
    return is_number(plain, cell->length);
}

/* "1.234,5": points between groups, a decimal comma. `plain` is "1234.5". */
static bool is_grouped_by_points(const trimmed *cell, char plain[ROOM])
{
    trimmed swapped = *cell;
    bool comma;

    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->text[i];

        swapped.text[i] = c == '.' ? ',' : c == ',' ? '.' : c;
    }
    return strchr(cell->text, ',') && is_grouped(&swapped, plain, &comma) && comma;
}

/* The digit that a code point is in the scripts that spreadsheets write; -1 if none. */
static int digit_of(uint32_t code)
{
    static const uint32_t zeros[] = {0x0660 /* Arabic */, 0x06F0 /* Persian */,
                                     0x0966 /* Devanagari */, 0xFF10 /* full width */};

    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        if (code >= zeros[i] && code <= zeros[i] + 9) {
            return (int)(code - zeros[i]);
        }
    }
    return -1;
}

/* Digits of another script. `plain` has ours. */
static bool has_other_digits(const trimmed *cell, char plain[ROOM])
{
    size_t n = 0, found = 0, bytes;
    uint32_t code;

    for (const char *at = cell->text; *at; at += bytes) {
        int digit;

        bytes = mtp_utf8_next(at, &code);
        digit = digit_of(code);
        if (digit >= 0) {
            plain[n++] = (char)('0' + digit);
            found++;
        } else {
            memcpy(plain + n, at, bytes);
            n += bytes;
        }
    }
    plain[n] = '\0';
    return found > 0 && is_number(plain, n);
}

/* Copied from a page or a PDF, a number may carry characters that nobody sees. Gives
 * the code point of one, if without them `plain` is a number; else 0. */
static uint32_t invisible_in(const trimmed *cell, char plain[ROOM])
{
    static const char *const marks[] = {"\xE2\x80\x8B" /* zero-width space */,
                                        "\xE2\x80\x8E",
                                        "\xE2\x80\x8F",
                                        "\xE2\x81\xA0" /* word joiner */,
                                        "\xEF\xBB\xBF" /* byte order mark */,
                                        "\xC2\xAD" /* soft hyphen */};
    uint32_t found = 0;
    size_t n = 0;

    for (size_t at = 0; at < cell->length;) {
        size_t skip = prefix_in(cell->text + at, marks, sizeof marks / sizeof marks[0]);

        if (skip > 0) {
            (void)mtp_utf8_next(cell->text + at, &found);
            at += skip;
        } else {
            plain[n++] = cell->text[at++];
        }
    }
    return is_number(plain, n) ? found : 0;
}

/* The number after an en or em dash, which word processors put for a minus. */
static const char *after_dash(const trimmed *cell)
{
    static const char *const dashes[] = {"\xE2\x80\x93", "\xE2\x80\x94"};
    size_t n = prefix_in(cell->text, dashes, sizeof dashes / sizeof dashes[0]);

    return n > 0 && is_digit(cell->text[n]) &&
                   is_number(cell->text + n, cell->length - n)
               ? cell->text + n
               : NULL;
}

static bool is_one_of(const trimmed *cell, const char *const words[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mtp_same_name(cell->text, words[i])) {
            return true;
        }
    }
    return false;
}

/* What papers and programs write for a value that is not there. */
static bool looks_missing(const trimmed *cell)
{
    static const char *const words[] = {"-",
                                        "--",
                                        "\xE2\x80\x93",
                                        "\xE2\x80\x94",
                                        "?",
                                        "NR",
                                        "N.R.",
                                        "N/R",
                                        "ND",
                                        "N.A.",
                                        "NULL",
                                        "None",
                                        "missing",
                                        "not available",
                                        "not reported",
                                        "#N/A",
                                        "nil",
                                        "unknown"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

/* What a spreadsheet shows for a formula that failed. */
static bool is_spreadsheet_error(const trimmed *cell)
{
    static const char *const words[] = {"#DIV/0!", "#VALUE!", "#REF!",
                                        "#NAME?",  "#NUM!",   "#NULL!"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

/* "12O", "l2": letters typed for the digits they look like. */
static bool has_letter_digit(const trimmed *cell, char plain[ROOM])
{
    size_t digits = 0, letters = 0;

    for (size_t i = 0; i <= cell->length; i++) {
        char c = cell->text[i];

        plain[i] = (char)(c == 'O' || c == 'o' ? '0' : c == 'l' || c == 'I' ? '1' : c);
        letters += plain[i] != c;
        digits += is_digit(c);
    }
    return digits > 0 && letters > 0 && is_number(plain, cell->length);
}

static bool is_infinite_word(const trimmed *cell)
{
    static const char *const words[] = {"inf",          "infinity",  "infinite",
                                        "\xE2\x88\x9E", "+inf",      "-inf",
                                        "+infinity",    "-infinity", "-\xE2\x88\x9E"};

    return is_one_of(cell, words, sizeof words / sizeof words[0]);
}

/* The name of the first blank in a cell, or NULL. */
static const char *blank_within(const trimmed *cell)
{
    const char *name = NULL;
    size_t bytes;

    for (size_t i = 0; i < cell->length && !name; i++) {
        name = mtp_number_blank(cell->text + i, cell->length - i, &bytes);
    }
    return name;
}

static void say_grouped(const char *quoted, const char *plain, bool comma,
                        const trimmed *cell, char *message, size_t size)
{
    const char *blank = blank_within(cell);
    char point[ROOM];

    if (comma && has_decimal_comma(cell, point)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, or %s if the comma is a "
                       "decimal mark",
                       quoted, plain, point);
    } else {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, without separators%s%s",
                       quoted, plain, blank ? "; there is a " : "", blank ? blank : "");
    }
}

/* What follows a number: a mark, a word or a parenthesis, not a second number. */
static bool is_trailer(const char *rest)
{
    bool letter = (*rest >= 'a' && *rest <= 'z') || (*rest >= 'A' && *rest <= 'Z');

    return *rest == '(' || *rest == '[' ||
           ((letter || strchr("*#+%", *rest) || (unsigned char)*rest >= 0x80) &&
            strcspn(rest, "0123456789") == strlen(rest));
}

static void say_trailing(const char *quoted, const trimmed *cell, size_t number,
                         char *message, size_t size)
{
    const char *rest = cell->text + number;
    char mark[MTP_EXCERPT];

    rest += *rest == ' ';
    if (!is_trailer(rest)) {
        (void)snprintf(message, size, "\"%s\" is not a number", quoted);
    } else if (strcmp(rest, "%") == 0) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; remove the percent sign (and divide by "
                       "100 where a share is meant)",
                       quoted);
    } else {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; remove '%s' after %.*s (a footnote or "
                       "unit belongs in another column)",
                       quoted, mtp_excerpt(rest, strlen(rest), mark), (int)number,
                       cell->text);
    }
}

/* Of a table with decimal commas. */
static void complain_with_comma(const char *quoted, trimmed *cell, char *message,
                                size_t size)
{
    char *point = strchr(cell->text, '.');

    if (point && is_number(cell->text, cell->length)) {
        *point = ',';
        (void)snprintf(message, size,
                       "\"%s\" is not a number, for the decimal mark of this table is "
                       "a comma; write %s, or no point if it separates thousands",
                       quoted, cell->text);
    } else {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; one has digits and a decimal comma, "
                       "no other mark",
                       quoted);
    }
}

/* Of a table with decimal points. */
static void complain_with_point(const char *quoted, const trimmed *cell, char *message,
                                size_t size)
{
    char plain[ROOM];
    bool comma;
    size_t number;

    if (has_letter_digit(cell, plain)) {
        (void)snprintf(message, size, "\"%s\" is not a number; is %s meant?", quoted,
                       plain);
    } else if (is_grouped(cell, plain, &comma)) {
        say_grouped(quoted, plain, comma, cell, message, size);
    } else if (is_grouped_by_points(cell, plain)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, with a decimal point and "
                       "without separators",
                       quoted, plain);
    } else if (has_decimal_comma(cell, plain)) {
        (void)snprintf(
            message, size,
            "\"%s\" is not a number; write %s, with a decimal point; where all are "
            "written so, say --decimal ,",
            quoted, plain);
    } else if ((number = number_prefix(cell)) > 0) {
        say_trailing(quoted, cell, number, message, size);
    } else {
        (void)snprintf(message, size, "\"%s\" is not a number", quoted);
    }
}

/* What is the same for either decimal mark; false if the cell is none of these. */
static bool complain_of_kind(const char *quoted, const trimmed *cell, char *message,
                             size_t size)
{
    char plain[ROOM];
    uint32_t invisible = invisible_in(cell, plain);

    if (invisible) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; it has a character that cannot be "
                       "seen (U+%04X); type it anew",
                       quoted, (unsigned)invisible);
    } else if (is_bound(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number but a bound; write the value itself, or "
                       "leave the cell empty",
                       quoted);
    } else if (is_infinite_word(cell)) {
        (void)snprintf(message, size, "\"%s\" is not a finite number", quoted);
    } else if (looks_missing(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; if it means missing, leave the cell "
                       "empty or say --missing '%s'",
                       quoted, cell->text);
    } else if (is_spreadsheet_error(cell)) {
        (void)snprintf(
            message, size,
            "\"%s\" is not a number but the error of a formula; repair it in "
            "the spreadsheet, or leave the cell empty",
            quoted);
    } else if (after_dash(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; a dash is no minus sign: write -%s",
                       quoted, after_dash(cell));
    } else if (has_other_digits(cell, plain)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, with the digits 0 to 9",
                       quoted, plain);
    } else {
        return false;
    }
    return true;
}

void mtp_number_complaint(const char *cell, char decimal, char *message, size_t size)
{
    char quoted[MTP_EXCERPT];
    mtp_cell_rules rules = {.decimal = decimal};
    double value;
    trimmed t;

    (void)mtp_excerpt(cell, strlen(cell), quoted);
    if (mtp_cell_read(cell, rules, &value) == MTP_CELL_OVERFLOW) {
        (void)snprintf(message, size, "\"%s\" is beyond the largest number (1.8e308)",
                       quoted);
    } else if (!trim(cell, &t)) {
        (void)snprintf(message, size, "\"%s\" is not a number", quoted);
    } else if (complain_of_kind(quoted, &t, message, size)) {
        return;
    } else if (decimal == ',') {
        complain_with_comma(quoted, &t, message, size);
    } else {
        complain_with_point(quoted, &t, message, size);
    }
}
