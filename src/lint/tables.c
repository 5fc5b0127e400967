/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L0: the header, the shape, columns without information. */
#include "core/number.h"
#include "lint/work.h"
#include "table/collector.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

static void headers(mtp_lint_work *w)
{
    (void)mtp_lint_look(w, MTP_LINT_DUPLICATE_HEADER);
    (void)mtp_lint_look(w, MTP_LINT_UNNAMED_COLUMN);
    for (size_t i = 0; i < w->table->n_mended; i++) {
        const mtp_mended *mended = &w->table->mended[i];
        mtp_lint_place place = {MTP_LINT_NOWHERE, MTP_LINT_NOWHERE, mended->name, 1};
        char name[MTP_EXCERPT];

        (void)mtp_excerpt(mended->written, strlen(mended->written), name);
        if (*mended->written) {
            mtp_lint_add(w, MTP_LINT_DUPLICATE_HEADER, place,
                         "column %zu of the header is \"%s\", as is one before it",
                         mended->column + 1, name);
        } else {
            mtp_lint_add(w, MTP_LINT_UNNAMED_COLUMN, place,
                         "column %zu of the header is empty", mended->column + 1);
        }
    }
}

static void widths(mtp_lint_work *w)
{
    size_t n = w->reading ? w->reading->count : 0;

    (void)mtp_lint_look(w, MTP_LINT_ROW_WIDTH);
    for (size_t i = 0; i < n && i < MTP_PROBLEMS_KEPT; i++) {
        const mtp_error *problem = &w->reading->item[i];

        mtp_lint_add(w, MTP_LINT_ROW_WIDTH,
                     (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE, NULL, 1},
                     "line %zu is left out: %s", problem->line, problem->message);
    }
    if (n > MTP_PROBLEMS_KEPT) {
        mtp_lint_add(w, MTP_LINT_ROW_WIDTH,
                     (mtp_lint_place){MTP_LINT_NOWHERE, MTP_LINT_NOWHERE, NULL,
                                      n - MTP_PROBLEMS_KEPT},
                     "%zu more lines are left out", n - MTP_PROBLEMS_KEPT);
    }
}

/* Every cell is there and equals the first. */
static bool is_constant(const mtp_lint_work *w, const mtp_column *column)
{
    for (size_t i = 0; i < w->rows; i++) {
        if (column->missing[i] ||
            (column->number ? column->number[i] != column->number[0]
                            : strcmp(column->text[i], column->text[0]) != 0)) {
            return false;
        }
    }
    return true;
}

static void information(mtp_lint_work *w)
{
    enum { LEAST = 3 };

    (void)mtp_lint_look(w, MTP_LINT_EMPTY_COLUMN);
    for (size_t c = 0; c < w->columns; c++) {
        const mtp_lint_column *column = &w->column[c];
        mtp_lint_place place = {MTP_LINT_NOWHERE, MTP_LINT_NOWHERE,
                                column->column->name, 1};

        if (column->numbers + column->texts == 0) {
            mtp_lint_add(w, MTP_LINT_EMPTY_COLUMN, place, "all %zu cells are missing",
                         w->rows);
        } else if (w->rows >= LEAST && mtp_lint_look(w, MTP_LINT_CONSTANT_COLUMN) &&
                   is_constant(w, column->column)) {
            char cell[MTP_EXCERPT];
            const char *text = column->column->text ? column->column->text[0] : NULL;

            mtp_lint_add(w, MTP_LINT_CONSTANT_COLUMN, place, "all %zu cells are %s",
                         w->rows,
                         text ? mtp_excerpt(text, strlen(text), cell)
                              : mtp_number_brief(column->column->number[0], 6).text);
        }
    }
}

void mtp_lint_tables(mtp_lint_work *work)
{
    headers(work);
    widths(work);
    information(work);
}
