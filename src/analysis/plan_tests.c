/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/options.h"
#include "analysis/plan.h"
#include "analysis/split.h"
#include "core/error.h"

#include <string.h>

static mtp_status unknown_name(const mtp_plan *plan, const char *name)
{
    const mtp_design *d = plan->design;
    const char *terms = mtp_split_list(plan->arena, d->n_terms, d->term_name);
    const char *columns = mtp_split_list(plan->arena, d->p, d->column_name);

    if (!terms || !columns) {
        return mtp_fail_nomem(plan->err);
    }
    return mtp_fail(plan->err, MTP_E_ARG,
                    "--test %s: no term is called so; terms: %s; coefficients: %s",
                    name, terms, columns);
}

/* Mark the columns of a term, or a column. */
static mtp_status mark_columns(const mtp_plan *plan, const char *name, bool marked[])
{
    const mtp_design *d = plan->design;
    mtp_error ignored;
    size_t term = 0;
    mtp_status found = mtp_formula_find_term(d->formula, name, &term, &ignored);
    bool any = false;

    if (found == MTP_E_NOMEM) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t j = 0; j < d->p; j++) {
        if (found == MTP_OK ? d->column_term[j] == term
                            : strcmp(d->column_name[j], name) == 0) {
            marked[j] = any = true;
        }
    }
    if (any) {
        return MTP_OK;
    }
    return found == MTP_OK
               ? mtp_fail(
                     plan->err, MTP_E_ARG,
                     "--test %s: its columns were left out, for others do the same",
                     name)
               : unknown_name(plan, name);
}

static mtp_status make_test(const mtp_plan *plan, const char *text,
                            mtp_hypothesis *test)
{
    size_t p = plan->design->p, n, q = 0;
    const char *const *name = mtp_split(plan->arena, text, ',', &n);
    bool *marked = mtp_arena_zalloc(plan->arena, p, sizeof *marked);
    double *l = mtp_arena_zalloc(plan->arena, p * p, sizeof *l);
    mtp_status status = name && marked && l ? MTP_OK : mtp_fail_nomem(plan->err);

    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        status = mark_columns(plan, name[i], marked);
    }
    for (size_t j = 0; status == MTP_OK && j < p; j++) {
        if (marked[j]) {
            l[q++ * p + j] = 1.0;
        }
    }
    *test = (mtp_hypothesis){text, q, l};
    return status;
}

mtp_status mtp_plan_tests(const mtp_plan *plan, const char *list, size_t *n,
                          const mtp_hypothesis **tests)
{
    const char *const *text = NULL;
    mtp_hypothesis *made;
    mtp_status status = MTP_OK;

    *n = 0;
    if (!list) {
        return MTP_OK;
    }
    text = mtp_split_lines(plan->arena, list, n);
    made = text ? MTP_ARENA_ARRAY(plan->arena, *n, mtp_hypothesis) : NULL;
    if (!made) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; status == MTP_OK && i < *n; i++) {
        status = make_test(plan, text[i], &made[i]);
    }
    *tests = made;
    return status;
}
