/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/complaint.h"

#include "table/cells.h"
#include "table/collector.h"
#include "table/looks.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void say_grouped(const char *quoted, const char *plain, bool comma,
                        const mtp_look *cell, char *message, size_t size)
{
    const char *blank = mtp_look_blank(cell);
    char point[MTP_LOOK_ROOM];

    if (comma && mtp_look_has_decimal_comma(cell, point)) {
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

static void say_trailing(const char *quoted, const mtp_look *cell, size_t number,
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
static void complain_with_comma(const char *quoted, mtp_look *cell, char *message,
                                size_t size)
{
    char *point = strchr(cell->text, '.');

    if (point && mtp_look_is_number(cell->text, cell->length)) {
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
static void complain_with_point(const char *quoted, const mtp_look *cell, char *message,
                                size_t size)
{
    char plain[MTP_LOOK_ROOM];
    bool comma;
    size_t number;

    if (mtp_look_has_letter_digit(cell, plain)) {
        (void)snprintf(message, size, "\"%s\" is not a number; is %s meant?", quoted,
                       plain);
    } else if (mtp_look_is_grouped(cell, plain, &comma)) {
        say_grouped(quoted, plain, comma, cell, message, size);
    } else if (mtp_look_is_grouped_by_points(cell, plain)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, with a decimal point and "
                       "without separators",
                       quoted, plain);
    } else if (mtp_look_has_decimal_comma(cell, plain)) {
        (void)snprintf(
            message, size,
            "\"%s\" is not a number; write %s, with a decimal point; where all are "
            "written so, say --decimal ,",
            quoted, plain);
    } else if ((number = mtp_look_number_prefix(cell)) > 0) {
        say_trailing(quoted, cell, number, message, size);
    } else {
        (void)snprintf(message, size, "\"%s\" is not a number", quoted);
    }
}

/* What is the same for either decimal mark; false if the cell is none of these. */
static bool complain_of_kind(const char *quoted, const mtp_look *cell, char *message,
                             size_t size)
{
    char plain[MTP_LOOK_ROOM];
    uint32_t invisible = mtp_look_invisible(cell, plain);

    if (invisible) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; it has a character that cannot be "
                       "seen (U+%04X); type it anew",
                       quoted, (unsigned)invisible);
    } else if (mtp_look_is_bound(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number but a bound; write the value itself, or "
                       "leave the cell empty",
                       quoted);
    } else if (mtp_look_is_infinite_word(cell)) {
        (void)snprintf(message, size, "\"%s\" is not a finite number", quoted);
    } else if (mtp_look_is_missing_word(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; if it means missing, leave the cell "
                       "empty or say --missing '%s'",
                       quoted, cell->text);
    } else if (mtp_look_is_spreadsheet_error(cell)) {
        (void)snprintf(
            message, size,
            "\"%s\" is not a number but the error of a formula; repair it in "
            "the spreadsheet, or leave the cell empty",
            quoted);
    } else if (mtp_look_after_dash(cell)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; a dash is no minus sign: write -%s",
                       quoted, mtp_look_after_dash(cell));
    } else if (mtp_look_is_quoted(cell, plain)) {
        (void)snprintf(message, size,
                       "\"%s\" is not a number; write %s, without quotes", quoted,
                       plain);
    } else if (mtp_look_after_mark(cell)) {
        const char *number = mtp_look_after_mark(cell);

        (void)snprintf(message, size, "\"%s\" is not a number; remove '%.*s' before %s",
                       quoted, (int)(number - cell->text), cell->text, number);
    } else if (mtp_look_has_other_digits(cell, plain)) {
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
    mtp_look t;

    (void)mtp_excerpt(cell, strlen(cell), quoted);
    if (mtp_cell_read(cell, rules, &value) == MTP_CELL_OVERFLOW) {
        (void)snprintf(message, size, "\"%s\" is beyond the largest number (1.8e308)",
                       quoted);
    } else if (!mtp_look_trim(cell, &t)) {
        (void)snprintf(message, size, "\"%s\" is not a number", quoted);
    } else if (complain_of_kind(quoted, &t, message, size)) {
        return;
    } else if (decimal == ',') {
        complain_with_comma(quoted, &t, message, size);
    } else {
        complain_with_point(quoted, &t, message, size);
    }
}
