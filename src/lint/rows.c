/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L3: one study twice. */
#include "core/number.h"
#include "lint/work.h"
#include "table/collector.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct hashed {
    uint64_t hash;
    size_t row;
} hashed;

static int by_hash(const void *left, const void *right)
{
    const hashed *a = left, *b = right;

    if (a->hash != b->hash) {
        return a->hash < b->hash ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static const char *cell_of(const mtp_lint_work *w, size_t c, size_t row)
{
    const mtp_column *column = w->column[c].column;

    return column->missing[row] || !column->text[row] ? "" : column->text[row];
}

/* FNV-1a, 64 bits: Fowler, Noll and Vo; the NUL after each cell goes in, too. */
static uint64_t hash_row(const mtp_lint_work *w, size_t row)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t c = 0; c < w->columns; c++) {
        const char *at = cell_of(w, c, row);

        do {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
        } while (*at++);
    }
    return hash;
}

static bool same_cells(const mtp_lint_work *w, size_t a, size_t b)
{
    for (size_t c = 0; c < w->columns; c++) {
        if (strcmp(cell_of(w, c, a), cell_of(w, c, b)) != 0) {
            return false;
        }
    }
    return true;
}

/* Fewer cells agree by chance. */
enum { LEAST_COLUMNS = 3 };

static void duplicates(mtp_lint_work *w)
{
    hashed *all;

    if (w->columns < LEAST_COLUMNS || !mtp_lint_look(w, MTP_LINT_DUPLICATE_ROW)) {
        return;
    }
    all = MTP_LINT_ARRAY(w, w->rows, hashed);
    if (!all) {
        return;
    }
    for (size_t i = 0; i < w->rows; i++) {
        all[i] = (hashed){hash_row(w, i), i};
    }
    qsort(all, w->rows, sizeof *all, by_hash);
    for (size_t i = 1; i < w->rows; i++) {
        size_t first = all[i - 1].row, again = all[i].row;

        if (all[i].hash == all[i - 1].hash && same_cells(w, first, again)) {
            size_t line = mtp_table_line(w->table, first);

            mtp_lint_add(w, MTP_LINT_DUPLICATE_ROW,
                         (mtp_lint_place){again, first, NULL, 1},
                         "all %zu cells are those of %s %zu", w->columns,
                         line ? "line" : "row", line ? line : first + 1);
        }
    }
}

/* What the data of a study are: all roles but the limits of the same effect. */
static size_t data_roles(const mtp_lint_work *w, mtp_role given[])
{
    mtp_role all[MTP_ROLE_COUNT];

    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        all[r] = (mtp_role)r;
    }
    return mtp_lint_given(w, MTP_ROLE_COUNT, all, given);
}

/*
 * Two studies that agree in d digits: of r digits each the chance is 10^-d, and there
 * are k (k - 1) / 2 pairs, so that d above 3 + log10 of these is chance once in a
 * thousand tables. With the same first author it is once in a hundred, of those pairs.
 */
static void same_data(mtp_lint_work *w)
{
    mtp_role role[MTP_ROLE_COUNT];
    size_t n = data_roles(w, role);
    mtp_lint_tuple *tuple;
    size_t k;
    double pairs, by_author, digits = (double)NAN; /* of this run of equal tuples */

    if (n == 0 || !mtp_lint_look(w, MTP_LINT_SAME_DATA)) {
        return;
    }
    k = mtp_lint_tuples(w, n, role, &tuple);
    pairs = log10(fmax(1.0, 0.5 * (double)k * ((double)k - 1.0)));
    by_author = mtp_lint_author_pairs(w);
    for (size_t i = 1; i < k && !w->failed; i++) {
        size_t a = tuple[i - 1].row, b = tuple[i].row;

        if (!mtp_lint_same(&tuple[i - 1], &tuple[i])) {
            digits = (double)NAN;
            continue;
        }
        if (w->columns >= LEAST_COLUMNS && same_cells(w, a, b)) {
            continue;
        }
        digits = isnan(digits) ? mtp_lint_surprise(w, role, &tuple[i]) : digits;
        if (digits >= 3.0 + pairs ||
            (digits >= 2.0 + by_author && mtp_lint_same_author(w, a, b))) {
            size_t line = mtp_table_line(w->table, a);
            char name[MTP_EXCERPT];

            mtp_lint_add(
                w, MTP_LINT_SAME_DATA, (mtp_lint_place){b, a, NULL, 1},
                "%s, as %s %zu%s%s%s", mtp_lint_tuple_text(w, role, &tuple[i]),
                line ? "line" : "row", line ? line : a + 1, w->study ? " (" : "",
                w->study ? mtp_excerpt(w->study[a], strlen(w->study[a]), name) : "",
                w->study ? ")" : "");
        }
    }
}

typedef struct author {
    const char *label;
    size_t length, row;
    double n;
} author;

static int by_author_and_n(const void *left, const void *right)
{
    const author *a = left, *b = right;
    size_t least = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->label, b->label, least);

    if (order || a->length != b->length) {
        return order ? order : a->length < b->length ? -1 : 1;
    }
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static double patients(const mtp_lint_work *w, size_t row)
{
    double one = mtp_lint_value(w, MTP_ROLE_N, row);

    return !isnan(one) ? one
                       : mtp_lint_value(w, MTP_ROLE_N1, row) +
                             mtp_lint_value(w, MTP_ROLE_N2, row);
}

static bool same_person(const author *a, const author *b)
{
    return a->length == b->length && memcmp(a->label, b->label, a->length) == 0;
}

/* L302 has said it already. */
static bool is_told(const mtp_lint_work *w, size_t a, size_t b)
{
    for (size_t i = 0; i < w->n; i++) {
        const mtp_lint_finding *f = &w->slot[i].finding;

        if (w->slot[i].rule == MTP_LINT_SAME_DATA && f->row == b + 1 &&
            f->other_row == a + 1) {
            return true;
        }
    }
    return false;
}

static void same_authors(mtp_lint_work *w)
{
    author *all;
    size_t n = 0;

    if (!w->label ||
        !(mtp_lint_has(w, MTP_ROLE_N) ||
          (mtp_lint_has(w, MTP_ROLE_N1) && mtp_lint_has(w, MTP_ROLE_N2))) ||
        !mtp_lint_look(w, MTP_LINT_SAME_AUTHOR)) {
        return;
    }
    all = MTP_LINT_ARRAY(w, w->rows, author);
    for (size_t i = 0; all && i < w->rows; i++) {
        size_t length = mtp_lint_author(w->label[i]);

        if (length > 0 && mtp_lint_digits(patients(w, i)) >= 2 &&
            !isnan(patients(w, i))) {
            all[n++] = (author){w->label[i], length, i, patients(w, i)};
        }
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, by_author_and_n);
    }
    for (size_t i = 1; i < n; i++) {
        const author *a = &all[i - 1], *b = &all[i];

        if (same_person(a, b) && a->n == b->n && strcmp(a->label, b->label) != 0 &&
            !is_told(w, a->row, b->row)) {
            char name[MTP_EXCERPT];
            const char *other = w->study[a->row];

            mtp_lint_add(w, MTP_LINT_SAME_AUTHOR,
                         (mtp_lint_place){b->row, a->row, NULL, 1},
                         "%s patients, as \"%s\"", mtp_number_brief(b->n, 10).text,
                         mtp_excerpt(other, strlen(other), name));
        }
    }
}

void mtp_lint_rows(mtp_lint_work *work)
{
    duplicates(work);
    if (work->measure) {
        same_data(work);
        same_authors(work);
    }
}
