/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables of model formulas: evaluated for all rows, gathered for the used ones.
 */
#include "analysis/ledger.h"
#include "core/error.h"

mtp_status mtp_bind_moderators(mtp_binder *b, const mtp_formula *formula,
                               mtp_labels labels[])
{
    mtp_status status = MTP_OK;

    for (size_t v = 0; status == MTP_OK && v < formula->n_variables; v++) {
        const char *expression = formula->variable[v];

        status = mtp_bind_labels(b, expression, &labels[v]);
        if (status == MTP_OK) {
            status =
                mtp_exclude_unlabelled(b, &labels[v], "moderator_missing", expression);
        }
    }
    return status;
}

static mtp_status gather(mtp_arena *arena, const mtp_labels *labels, size_t k,
                         const size_t row[], mtp_design_values *values, mtp_error *err)
{
    double *number = MTP_ARENA_ARRAY(arena, k, double);
    const char **text = MTP_ARENA_ARRAY(arena, k, const char *);

    if (!number || !text) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        text[i] = labels->text[row[i]];
        number[i] = labels->number ? labels->number[row[i]] : 0.0;
    }
    values->number = labels->number ? number : NULL;
    values->text = labels->number ? NULL : text;
    return MTP_OK;
}

mtp_status mtp_gather_moderators(const mtp_binder *b, const mtp_formula *formula,
                                 const mtp_labels labels[], size_t k,
                                 const size_t row[], const mtp_design_values **values)
{
    size_t n = formula->n_variables;
    mtp_design_values *used = MTP_ARENA_ARRAY(b->arena, n, mtp_design_values);
    mtp_status status = used ? MTP_OK : mtp_fail_nomem(b->err);

    for (size_t v = 0; status == MTP_OK && v < n; v++) {
        status = gather(b->arena, &labels[v], k, row, &used[v], b->err);
    }
    if (status == MTP_OK) {
        *values = used;
    }
    return status;
}
