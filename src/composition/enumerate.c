/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All tables with given margins, in lexicographic order of their cells taken column by
 * column: an odometer whose digits have bounds that depend on the digits before them.
 */
#include "composition/conditional.h"
#include "core/dd.h"

#include <math.h>

enum { BOUND_MAX = 1 << 16 }; /* longest row for the quick bound */

/* What is left before a cell is filled. */
typedef struct cell {
    double value;
    double column_left; /* of the cell's column */
    double rows_left;   /* of the cell's row and those below it */
    double log_p;       /* of the cells before it */
} cell;

typedef struct odometer {
    const mtp_count_table *table;
    const mtp_table_law *law;
    size_t n;         /* cells */
    double *row_left; /* [rows] */
    cell *cells;      /* [n + 1], the last holds log_p alone */
} odometer;

static double row_of(const odometer *o, size_t k)
{
    return o->row_left[k % o->table->rows];
}

/* Fill cell k, and hand what is left to the next cell. */
static void put(odometer *o, size_t k, double value)
{
    size_t rows = o->table->rows;
    cell *here = &o->cells[k], *next = here + 1;

    here->value = value;
    next->rows_left = here->rows_left - row_of(o, k);
    o->row_left[k % rows] -= value;
    next->column_left = here->column_left - value;
    next->log_p = here->log_p +
                  mtp_law_cell(o->law, k % rows * o->table->columns + k / rows, value);
    if ((k + 1) % rows == 0 && k + 1 < o->n) {
        next->column_left = o->table->C[(k + 1) / rows];
        next->rows_left = 0.0;
        for (size_t i = 0; i < rows; i++) {
            next->rows_left += o->row_left[i];
        }
    }
}

/* The least values that are possible, from cell k on. */
static void fill(odometer *o, size_t k)
{
    for (; k < o->n; k++) {
        const cell *c = &o->cells[k];

        put(o, k, fmax(0.0, c->column_left - (c->rows_left - row_of(o, k))));
    }
}

/* The next table; false after the last. */
static bool advance(odometer *o)
{
    for (size_t k = o->n; k-- > 0;) {
        const cell *c = &o->cells[k];
        double value = c->value;

        o->row_left[k % o->table->rows] += value;
        /* the last row and the last column follow from the others */
        if (value + 1.0 <= fmin(row_of(o, k), c->column_left) &&
            (k + 1) % o->table->rows != 0 && k + o->table->rows < o->n) {
            put(o, k, value + 1.0);
            fill(o, k + 1);
            return true;
        }
    }
    return false;
}

/*
 * Whether more than `limit` tables have the margins R and N - R by C: every one of them
 * can be refined to a table of all rows. ways[k] counts the ways to put k of R into the
 * columns so far; ways that cannot be completed are dropped. O(columns R).
 */
static bool two_rows_exceed(const mtp_count_table *t, size_t R, double limit,
                            double ways[], double next[])
{
    double rest = t->N;

    for (size_t k = 0; k <= R; k++) {
        ways[k] = k == 0 ? 1.0 : 0.0;
    }
    for (size_t j = 0; j < t->columns; j++) {
        double sum = 0.0, total = 0.0, *swap = ways;

        rest -= t->C[j];
        for (size_t k = 0; k <= R; k++) {
            sum += ways[k];
            if ((double)k > t->C[j]) {
                sum -= ways[k - (size_t)t->C[j] - 1];
            }
            next[k] = (double)(R - k) <= rest ? sum : 0.0;
            total += next[k];
        }
        if (total > limit) {
            return true;
        }
        ways = next;
        next = swap;
    }
    return false;
}

/* The tables of a row and a column against all others, of which there are min(R, N - R,
 * C, N - C) + 1, come from at least one table each. */
static bool two_by_two_exceed(const mtp_count_table *t, double limit)
{
    double R = 0.0, C = 0.0;

    for (size_t i = 0; i < t->rows; i++) {
        R = fmax(R, fmin(t->R[i], t->N - t->R[i]));
    }
    for (size_t j = 0; j < t->columns; j++) {
        C = fmax(C, fmin(t->C[j], t->N - t->C[j]));
    }
    return fmin(R, C) + 1.0 > limit;
}

/* MTP_E_UNSUPPORTED when a quick bound shows that there are more tables than limit. */
static mtp_status check_bound(const mtp_count_table *t, size_t limit,
                              mtp_arena *scratch)
{
    double R = 0.0;
    double *room;

    if (two_by_two_exceed(t, (double)limit)) {
        return MTP_E_UNSUPPORTED;
    }
    for (size_t i = 0; i < t->rows; i++) {
        double side = fmin(t->R[i], t->N - t->R[i]);

        if (side > R && side <= BOUND_MAX) {
            R = side;
        }
    }
    room = MTP_ARENA_ARRAY(scratch, 2 * ((size_t)R + 1), double);
    if (!room) {
        return MTP_E_NOMEM;
    }
    return two_rows_exceed(t, (size_t)R, (double)limit, room, room + (size_t)R + 1)
               ? MTP_E_UNSUPPORTED
               : MTP_OK;
}

static mtp_status start(odometer *o, mtp_arena *scratch)
{
    const mtp_count_table *t = o->table;

    o->n = t->rows * t->columns;
    o->row_left = MTP_ARENA_ARRAY(scratch, t->rows, double);
    o->cells = MTP_ARENA_ARRAY(scratch, o->n + 1, cell);
    if (!o->row_left || !o->cells) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < t->rows; i++) {
        o->row_left[i] = t->R[i];
    }
    o->cells[0] =
        (cell){.column_left = t->C[0], .rows_left = t->N, .log_p = o->law->constant};
    fill(o, 0);
    return MTP_OK;
}

/*
 * Both sums run over the same terms, so that what is common to all tables, and its
 * rounding, cancels in their ratio.
 */
mtp_status mtp_conditional_exact(const mtp_table_law *law, size_t limit,
                                 mtp_arena *scratch, double *p)
{
    odometer o = {.table = law->table, .law = law};
    mtp_dd all = mtp_dd_from(0.0), no_more = all;
    mtp_status status = check_bound(law->table, limit, scratch);
    size_t visited = 0;

    if (!status) {
        status = start(&o, scratch);
    }
    if (status) {
        return status;
    }
    do {
        double log_p = o.cells[o.n].log_p;
        mtp_dd term = mtp_dd_from(exp(log_p));

        if (visited++ == limit) {
            return MTP_E_UNSUPPORTED;
        }
        all = mtp_dd_add(all, term);
        if (log_p <= law->bound) {
            no_more = mtp_dd_add(no_more, term);
        }
    } while (advance(&o));
    *p = mtp_dd_to(mtp_dd_div(no_more, all));
    return MTP_OK;
}
