/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L1: what spreadsheets and typing do to numbers. */
#include "table/cells.h"

#include "lint/dates.h"
#include "lint/work.h"
#include "table/collector.h"
#include "table/looks.h"
#include "table/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The cells of a column that one rule is about. */
typedef struct tally {
    size_t count, first;
    char examples[3 * (MTP_EXCERPT + 24)];
} tally;

static void count_cell(const mtp_lint_work *w, tally *t, size_t row, const char *cell)
{
    enum { SHOWN = 3 };
    size_t at = strlen(t->examples);
    size_t line = mtp_table_line(w->table, row);
    char excerpt[MTP_EXCERPT];

    if (t->count == 0) {
        t->first = row;
    }
    if (t->count < SHOWN) {
        (void)snprintf(t->examples + at, sizeof t->examples - at, "%s\"%s\" (%s %zu)",
                       t->count ? ", " : "", mtp_excerpt(cell, strlen(cell), excerpt),
                       line ? "line" : "row", line ? line : row + 1);
    }
    t->count++;
}

static void report(mtp_lint_work *w, mtp_lint_rule_index rule, const char *column,
                   const tally *t, const char *what)
{
    if (t->count > 0) {
        mtp_lint_add(w, rule,
                     (mtp_lint_place){t->first, MTP_LINT_NOWHERE, column, t->count},
                     "%zu cell%s%s: %s%s", t->count, t->count == 1 ? "" : "s", what,
                     t->examples, t->count > 3 ? ", ..." : "");
    }
}

/* A number and one letter or mark: "3a", as ids have it. */
static bool is_id(const mtp_look *cell)
{
    size_t n = mtp_look_number_prefix(cell);

    return n > 0 && cell->length == n + 1 && cell->text[n] >= 'A' &&
           !strchr("%*#", cell->text[n]);
}

static bool is_percent(const mtp_look *cell)
{
    size_t n = mtp_look_number_prefix(cell);

    return n > 0 && strcmp(cell->text + n + (cell->text[n] == ' '), "%") == 0;
}

/* The rule that a cell which is no number breaks; L108 for what nothing else fits. */
static mtp_lint_rule_index classify(const mtp_lint_work *w, const char *text)
{
    mtp_cell_rules rules = {.decimal = w->table->decimal};
    char plain[MTP_LOOK_ROOM];
    mtp_look cell;
    double value;
    bool comma;

    if (mtp_cell_read(text, rules, &value) == MTP_CELL_OVERFLOW) {
        return MTP_LINT_NUMBER_TOO_LARGE;
    }
    if (!mtp_look_trim(text, &cell)) {
        return MTP_LINT_NOT_A_NUMBER;
    }
    if (w->table->decimal == ',' && mtp_look_is_number(cell.text, cell.length)) {
        const char *point = strchr(cell.text, '.');

        return point && strlen(point) == 4 ? MTP_LINT_THOUSANDS_SEPARATOR
                                           : MTP_LINT_DECIMAL_COMMA;
    }
    return mtp_lint_is_date(cell.text)            ? MTP_LINT_EXCEL_DATE
           : mtp_look_is_bound(&cell)             ? MTP_LINT_BOUND
           : mtp_look_is_missing_word(&cell)      ? MTP_LINT_MISSING_WORD
           : mtp_look_is_spreadsheet_error(&cell) ? MTP_LINT_SPREADSHEET_ERROR
           : mtp_look_after_dash(&cell)           ? MTP_LINT_UNICODE_MINUS
           : mtp_look_is_grouped(&cell, plain, &comma) ||
                   mtp_look_is_grouped_by_points(&cell, plain)
               ? MTP_LINT_THOUSANDS_SEPARATOR
           : mtp_look_has_decimal_comma(&cell, plain) ? MTP_LINT_DECIMAL_COMMA
           : is_percent(&cell)                        ? MTP_LINT_PERCENT_SIGN
                                                      : MTP_LINT_NOT_A_NUMBER;
}

/* A number was meant, whoever reads it. */
static bool is_meant(mtp_lint_rule_index rule)
{
    return rule == MTP_LINT_BOUND || rule == MTP_LINT_UNICODE_MINUS ||
           rule == MTP_LINT_THOUSANDS_SEPARATOR || rule == MTP_LINT_DECIMAL_COMMA ||
           rule == MTP_LINT_PERCENT_SIGN || rule == MTP_LINT_NUMBER_TOO_LARGE;
}

/* A role names the column. */
static bool has_role(const mtp_lint_work *w, const mtp_lint_column *column)
{
    bool found = false;

    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        found = found || w->role[role].column == column;
    }
    return found;
}

/* "12a" and "GRND" among numbers are names of rows and categories more often than
 * slips; where a role wants numbers, they are none. */
static bool is_name(const char *text)
{
    mtp_look cell;

    return !strpbrk(text, "0123456789") || (mtp_look_trim(text, &cell) && is_id(&cell));
}

/* Most cells of a text column are numbers, or were meant to be; or a role says so. */
static bool is_numeric(const mtp_lint_work *w, const mtp_lint_column *column)
{
    size_t all = column->numbers + column->texts, meant = column->numbers, ids = 0;

    if (column->numeric || column->texts == 0) {
        return column->numeric;
    }
    for (size_t i = 0; i < w->rows; i++) {
        const char *text = column->column->text[i];
        mtp_lint_rule_index rule;
        mtp_look cell;

        if (column->column->missing[i] || !isnan(column->number[i])) {
            continue;
        }
        rule = classify(w, text);
        meant += is_meant(rule) && (rule != MTP_LINT_BOUND || column->numbers > 0);
        all -= rule == MTP_LINT_MISSING_WORD;
        ids += mtp_look_trim(text, &cell) && is_id(&cell);
    }
    return ids < column->texts && meant >= 2 && 5 * meant >= 4 * all;
}

/* The ranges of a column, as "5-9", "1/2". */
static size_t count_ranges(const mtp_lint_work *w, const mtp_column *column)
{
    size_t n = 0;

    for (size_t i = 0; i < w->rows; i++) {
        n += !column->missing[i] && mtp_lint_is_range(column->text[i]);
    }
    return n;
}

/* Dates with the name of a month among other texts; and day numbers among ranges. */
static void text_column(mtp_lint_work *w, const mtp_lint_column *column)
{
    size_t all = column->numbers + column->texts;
    tally dates = {0}, serials = {0};

    for (size_t i = 0; i < w->rows; i++) {
        const char *text = column->column->text[i];

        if (column->column->missing[i]) {
            continue;
        }
        if (mtp_lint_is_month_date(text)) {
            count_cell(w, &dates, i, text);
        } else if (mtp_lint_is_serial(column->number[i])) {
            count_cell(w, &serials, i, text);
        }
    }
    if (2 * dates.count <= all) {
        report(w, MTP_LINT_EXCEL_DATE, column->column->name, &dates,
               " among other texts read as dates");
    }
    if (serials.count > 0 && count_ranges(w, column->column) > 0) {
        report(w, MTP_LINT_EXCEL_SERIAL, column->column->name, &serials,
               " among ranges would be a day of this century");
    }
}

static const char *what_of(mtp_lint_rule_index rule)
{
    switch (rule) {
    case MTP_LINT_EXCEL_DATE:
        return " in a column of numbers read as dates";
    case MTP_LINT_THOUSANDS_SEPARATOR:
        return " with separators between digits";
    case MTP_LINT_DECIMAL_COMMA:
        return " with the other decimal mark";
    case MTP_LINT_PERCENT_SIGN:
        return " with a percent sign";
    case MTP_LINT_BOUND:
        return " with a bound";
    case MTP_LINT_MISSING_WORD:
        return " with a word for missing";
    case MTP_LINT_SPREADSHEET_ERROR:
        return " with the error of a formula";
    case MTP_LINT_UNICODE_MINUS:
        return " with a dash for a minus";
    case MTP_LINT_NUMBER_TOO_LARGE:
        return " beyond the largest number";
    default:
        return " without a number";
    }
}

static bool is_dates(const mtp_lint_work *w, const mtp_lint_column *column)
{
    size_t dates = 0;

    for (size_t i = 0; i < w->rows; i++) {
        dates +=
            !column->column->missing[i] && mtp_lint_is_date(column->column->text[i]);
    }
    return 2 * dates > column->numbers + column->texts;
}

static void numeric_column(mtp_lint_work *w, const mtp_lint_column *column)
{
    tally *t = MTP_LINT_ARRAY(w, MTP_LINT_RULE_COUNT, tally);
    bool named = has_role(w, column);

    if (!t || is_dates(w, column)) {
        return;
    }
    memset(t, 0, MTP_LINT_RULE_COUNT * sizeof *t);
    for (size_t i = 0; i < w->rows; i++) {
        const char *text = column->column->text[i];

        if (!column->column->missing[i] && isnan(column->number[i])) {
            mtp_lint_rule_index rule = classify(w, text);

            if (named || rule != MTP_LINT_NOT_A_NUMBER || !is_name(text)) {
                count_cell(w, &t[rule], i, text);
            }
        } else if (text && strncmp(text, "\xE2\x88\x92", 3) == 0) {
            count_cell(w, &t[MTP_LINT_UNICODE_MINUS], i, text);
        }
    }
    for (size_t rule = 0; rule < MTP_LINT_RULE_COUNT; rule++) {
        report(w, (mtp_lint_rule_index)rule, column->column->name, &t[rule],
               what_of((mtp_lint_rule_index)rule));
    }
}

/* A year that counts days. */
static void serial_years(mtp_lint_work *w, const mtp_lint_column *column)
{
    const char *name = column->column->name;
    tally t = {0};

    if (!mtp_lint_contains(name, "year") && !mtp_lint_contains(name, "date") &&
        !mtp_lint_contains(name, "month")) {
        return;
    }
    (void)mtp_lint_look(w, MTP_LINT_EXCEL_SERIAL);
    for (size_t i = 0; i < w->rows; i++) {
        if (mtp_lint_is_serial(column->number[i])) {
            count_cell(w, &t, i, mtp_number_brief(column->number[i], 6).text);
        }
    }
    report(w, MTP_LINT_EXCEL_SERIAL, name, &t, " would be a day of this century");
}

/* -99 among numbers that are not negative; 999 twice, far above the others. */
static void missing_codes(mtp_lint_work *w, const mtp_lint_column *column)
{
    static const double codes[] = {-9, -99, -999, -9999, 999, 9999, 99999};
    enum { LEAST = 4 };

    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        double low = (double)INFINITY, high = -(double)INFINITY;
        tally t = {0};
        size_t others = 0;

        for (size_t i = 0; i < w->rows; i++) {
            double x = column->number[i];

            if (x == codes[k]) {
                count_cell(w, &t, i, mtp_number_brief(x, 6).text);
            } else if (!isnan(x)) {
                low = fmin(low, x);
                high = fmax(high, x);
                others++;
            }
        }
        if (others >= LEAST &&
            (codes[k] < 0.0 ? low >= 0.0 : t.count > 1 && 3.0 * high < codes[k])) {
            report(w, MTP_LINT_MISSING_CODE, column->column->name, &t,
                   codes[k] < 0.0 ? " among numbers that are not negative"
                                  : " far above all others");
        }
    }
}

static void mixed_missing(mtp_lint_work *w)
{
    char list[64] = "";
    size_t n = 0;

    for (unsigned i = 0; mtp_missing_words[i]; i++) {
        if (w->table->missing_words & (1U << i)) {
            size_t at = strlen(list);

            (void)snprintf(list + at, sizeof list - at, "%s%s", n > 0 ? ", " : "",
                           *mtp_missing_words[i] ? mtp_missing_words[i]
                                                 : "an empty cell");
            n++;
        }
    }
    if (n > 0) {
        (void)mtp_lint_look(w, MTP_LINT_MIXED_MISSING);
    }
    if (n > 1) {
        mtp_lint_add(w, MTP_LINT_MIXED_MISSING,
                     (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE, NULL, n},
                     "%zu ways: %s", n, list);
    }
}

static void look_at_numbers(mtp_lint_work *w)
{
    static const mtp_lint_rule_index rules[] = {
        MTP_LINT_EXCEL_DATE,      MTP_LINT_THOUSANDS_SEPARATOR,
        MTP_LINT_DECIMAL_COMMA,   MTP_LINT_PERCENT_SIGN,
        MTP_LINT_BOUND,           MTP_LINT_MISSING_WORD,
        MTP_LINT_NOT_A_NUMBER,    MTP_LINT_SPREADSHEET_ERROR,
        MTP_LINT_UNICODE_MINUS,   MTP_LINT_MISSING_CODE,
        MTP_LINT_NUMBER_TOO_LARGE};

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        (void)mtp_lint_look(w, rules[i]);
    }
}

void mtp_lint_cells(mtp_lint_work *work)
{
    for (size_t c = 0; c < work->columns && !work->failed; c++) {
        mtp_lint_column *column = &work->column[c];

        column->numeric = is_numeric(work, column);
        if (column->numeric) {
            look_at_numbers(work);
            numeric_column(work, column);
            serial_years(work, column);
            missing_codes(work, column);
        } else if (column->texts > 0) {
            (void)mtp_lint_look(work, MTP_LINT_EXCEL_DATE);
            (void)mtp_lint_look(work, MTP_LINT_EXCEL_SERIAL);
            text_column(work, column);
        }
    }
    mixed_missing(work);
}
