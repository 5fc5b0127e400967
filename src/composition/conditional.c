/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "composition/conditional.h"

#include "core/dd.h"
#include "num/dist.h"

#include <math.h>

static const double TIE = 1e-7;

enum { TERMS_MAX = 1 << 20 };

static double expected(const mtp_count_table *t, size_t cell)
{
    return t->R[cell / t->columns] * t->C[cell % t->columns] / t->N;
}

static double largest(const mtp_count_table *t, size_t cell)
{
    return fmin(t->R[cell / t->columns], t->C[cell % t->columns]);
}

double mtp_law_cell(const mtp_table_law *law, size_t cell, double x)
{
    double e;

    if (law->term) {
        return law->term[law->offset[cell] + (size_t)x];
    }
    e = expected(law->table, cell);
    return x > 0.0 ? mtp_log_poisson(x, e) : -e;
}

/* log pois(x; e) = -e + sum log(e / i): the sum in double-double. */
static void fill_terms(double term[], double e, size_t n)
{
    mtp_dd sum = mtp_dd_from(-e);

    term[0] = -e;
    for (size_t x = 1; x < n; x++) {
        sum = mtp_dd_add(sum, mtp_dd_from(log(e / (double)x)));
        term[x] = mtp_dd_to(sum);
    }
}

static mtp_status keep_terms(mtp_table_law *law, mtp_arena *arena)
{
    const mtp_count_table *t = law->table;
    size_t cells = t->rows * t->columns, used = 0;
    double terms = 0.0;
    size_t *offset;
    double *term;

    for (size_t c = 0; c < cells; c++) {
        terms += largest(t, c) + 1.0;
    }
    if (terms > TERMS_MAX) {
        return MTP_OK;
    }
    term = MTP_ARENA_ARRAY(arena, (size_t)terms, double);
    offset = MTP_ARENA_ARRAY(arena, cells, size_t);
    if (!term || !offset) {
        return MTP_E_NOMEM;
    }
    for (size_t c = 0; c < cells; c++) {
        size_t n = (size_t)largest(t, c) + 1;

        offset[c] = used;
        fill_terms(term + used, expected(t, c), n);
        used += n;
    }
    law->term = term;
    law->offset = offset;
    return MTP_OK;
}

mtp_status mtp_table_law_init(mtp_table_law *law, const mtp_count_table *table,
                              mtp_arena *arena)
{
    mtp_status status;

    *law = (mtp_table_law){.table = table,
                           .constant = mtp_log_poisson(table->N, table->N)};
    for (size_t i = 0; i < table->rows; i++) {
        law->constant -= mtp_log_poisson(table->R[i], table->R[i]);
    }
    for (size_t j = 0; j < table->columns; j++) {
        law->constant -= mtp_log_poisson(table->C[j], table->C[j]);
    }
    status = keep_terms(law, arena);
    if (status) {
        return status;
    }
    law->bound = law->constant + TIE;
    for (size_t c = 0; c < table->rows * table->columns; c++) {
        law->bound += mtp_law_cell(law, c, table->count[c]);
    }
    return MTP_OK;
}
