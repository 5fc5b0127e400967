/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of the tables of a robust covariance. */
#include "explain/robust_regress.h"

#include <math.h>
#include <stdarg.h>

const char *mtp_sandwich_text(mtp_sandwich *of, const char *format, size_t a, size_t b)
{
    return mtp_regress_text(of->m->s, format, a, b);
}

const char *mtp_sandwich_format(mtp_sandwich *of, const char *format, ...)
{
    va_list args;
    const char *made;

    va_start(args, format);
    made = mtp_arena_vprintf(of->m->s->arena, format, args);
    va_end(args);
    of->m->s->failed = of->m->s->failed || !made;
    return made ? made : "0";
}

const char *mtp_sandwich_sum(mtp_sandwich *of, const char *sum, const char *part)
{
    return sum ? mtp_sandwich_format(of, "%s + %s", sum, part) : part;
}

const char *mtp_sandwich_pair(mtp_sandwich *of, const char *letter, size_t a, size_t b)
{
    size_t row = a > b ? a : b, column = a > b ? b : a;

    return a == b
               ? mtp_sandwich_format(of, "%s_%zu_g", letter, a + 1)
               : mtp_sandwich_format(of, "%s_%zu_%zu_g", letter, row + 1, column + 1);
}

const char *mtp_sandwich_row_of_V(mtp_sandwich *of, size_t j, const char *by)
{
    const char *made = NULL;

    for (size_t l = 0; l < of->r.p; l++) {
        const char *V = mtp_sandwich_text(of, "V_#_@", l > j ? l : j, l > j ? j : l);
        const char *factor = mtp_sandwich_text(of, by, l, 0);

        made =
            mtp_sandwich_sum(of, made, mtp_sandwich_format(of, "%s * %s", V, factor));
    }
    return made;
}

static void add(mtp_sandwich_table *t, mtp_solution_column column)
{
    t->column[t->n++] = column;
}

void mtp_sandwich_add(mtp_sandwich_table *t, const char *name, const char *formula)
{
    add(t, (mtp_solution_column){.name = name, .formula = formula});
}

void mtp_sandwich_part(mtp_sandwich_table *t, const char *formula)
{
    add(t, (mtp_solution_column){.formula = formula, .subtotal = true});
}

void mtp_sandwich_total(mtp_sandwich_table *t, const char *formula)
{
    add(t, (mtp_solution_column){.formula = formula, .total = true});
}

void mtp_sandwich_known(mtp_sandwich_table *t, const char *name)
{
    const mtp_quantity *q = mtp_scope_find(&t->s->scope, name);

    if (!q) {
        t->s->failed = true;
        return;
    }
    add(t, (mtp_solution_column){.name = name, .values = q->column, .error = q->error});
}

void mtp_sandwich_weights(mtp_sandwich_table *t, size_t j)
{
    const mtp_explain_robust *r = &t->of->r;

    add(t, (mtp_solution_column){.name = mtp_sandwich_text(t->of, "T_#_i", j, 0),
                                 .values = r->T[j],
                                 .error = r->T_error ? r->T_error[j] : NULL});
}

void mtp_sandwich_base(mtp_sandwich_table *t, bool effects)
{
    const mtp_explain_robust *r = &t->of->r;

    if (effects) {
        add(t, (mtp_solution_column){.name = "y_i", .values = r->y});
    }
    add(t, (mtp_solution_column){.name = "v_i", .values = r->v});
    for (size_t j = 0; j < r->p; j++) {
        add(t, (mtp_solution_column){.name = t->of->m->x_name[j], .values = r->x[j]});
    }
}

void mtp_sandwich_write(mtp_sandwich_table *t)
{
    mtp_solution *s = t->s;

    if (!s->failed) {
        mtp_solution_table(s, t->n, t->column);
    }
}

size_t mtp_sandwich_open(mtp_sandwich *of)
{
    mtp_scope *scope = &of->m->s->scope;
    size_t mark = scope->n;

    mtp_robust_work_resume(&of->r);
    for (size_t i = 0; i < of->n_kept; i++) {
        mtp_scope_set_column(scope, of->kept[i].name, of->kept[i].column,
                             of->kept[i].error);
    }
    return mark;
}

void mtp_sandwich_close(mtp_sandwich *of, size_t mark)
{
    mtp_robust_work_end(&of->r);
    of->m->s->scope.n = mark;
}
